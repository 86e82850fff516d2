"""The root of all settings: unknown names are errors, every value has a default, bounds and a sentence."""

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """Base of every settings model. Each field states its default, bounds and a one-sentence description."""

    model_config = ConfigDict(extra="forbid", frozen=True)
