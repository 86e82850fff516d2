"""[director]: how long scenes stay, what a hand holds, and what the factors of a score are worth."""

from pydantic import Field

from geodata.settings import Settings


class DirectorSettings(Settings):
    """[director] what decides which scene a wall shows; docs/director.md has the formula."""

    is_on: bool = Field(default=True, description="false: the walls stay as they are, nothing moves by itself")
    dwell_s: float = Field(default=12, ge=12, le=600, description="seconds that a scene stays at least")
    gap_s: float = Field(default=8, ge=8, le=60, description="seconds between two switches, whatever happens")
    turn_s: float = Field(
        default=30, ge=12, le=3600, description="seconds after which an incident makes room, unless it is held"
    )
    rest_s: float = Field(default=180, ge=0, le=7200, description="seconds before it may come back")
    quiet_s: float = Field(default=30, ge=12, le=3600, description="seconds of each scene of the quiet carousel")
    hand_s: float = Field(default=90, ge=5, le=3600, description="seconds for which a hand at the wall locks it")
    desk_s: float = Field(
        default=300, ge=5, le=86_400, description="seconds that a scene sent from the desk stays, if it says nothing"
    )
    hold_priority: int = Field(
        default=1, ge=0, le=4, description="incidents this grave are held until somebody takes note; 0: none"
    )
    margin: float = Field(
        default=1.25, ge=1, le=10, description="so many times worse must an incident be to push another one away early"
    )
    least_score: float = Field(default=3.0, ge=0, le=100, description="below this score an incident gets no scene")
    priority_weights: tuple[float, float, float, float] = Field(
        default=(8.0, 4.0, 2.0, 1.0), description="what priorities 1, 2, 3 and 4 are worth"
    )
    age_most: float = Field(
        default=2.0, ge=1, le=10, description="worth of an incident still waiting at its target time; a new one is 1"
    )
    age_done: float = Field(default=0.5, gt=0, le=1, description="worth of one reached an hour ago or longer")
    unattended_weights: tuple[float, float, float, float] = Field(
        default=(1.5, 1.0, 0.4, 0.15), description="worth while nobody is sent, on the way, on scene, handled"
    )
    only_kelurahan: float = Field(default=0.8, gt=0, le=1, description="worth where only the kelurahan is known")
    no_place: float = Field(default=0.6, gt=0, le=1, description="worth where no place is known")
    stale: float = Field(default=0.5, gt=0, le=1, description="worth once nothing was heard of it for half an hour")
    surge_each: float = Field(default=0.2, ge=0, le=2, description="added for each further report of the same thing")
    surge_most: float = Field(default=2.0, ge=1, le=10, description="at most so much for all reports together")
    disaster: float = Field(default=1.25, ge=1, le=10, description="times this in the area of a disaster that goes on")
