"""People and tokens at the desk: who may come in and as what; for admins. As `layar user` and `layar token`.

A password or a token is made here, shown once and kept nowhere but as its hash. Nobody takes away their own way in, so
there is always an admin left.
"""

from collections.abc import Mapping, Sequence

from dashboard.auth import ADMIN
from dashboard.operate import Asked, Deed, Done, Field, Line, Look, Mood, Room, Row, both, choices, one_of, version_of
from dashboard.operate_choices import agency_options
from dashboard.tokens import Grant, Token
from dashboard.users import ROLES, User, new_password
from dashboard.walls import walls_of
from geodata.clock import epoch_s
from geodata.errors import BadInput, BadSettings, NotFound
from layers.event import Mode
from layers.layer import Words

_LONGEST_NAME = 64
_USER, _TOKEN = "user:", "token:"
_ROLE_WORDS: Mapping[Grant, Words] = {
    "admin": both("admin: semuanya", "admin: everything"),
    "supervisor": both("supervisor: memimpin sif", "supervisor: leads the shift"),
    "operator": both("operator: menangani panggilan", "operator: works calls"),
    "head": both("pimpinan: taklimat dan angka", "head: briefing and figures"),
    "visitor": both("pengunjung: hanya yang umum", "visitor: what is public"),
    "wall": both("layar dinding", "wall screen"),
    "ingest": both("pengirim data", "sends data"),
}
_PEOPLE: Mapping[str, Words] = {role: _ROLE_WORDS[role] for role in ROLES}
_GRANTS: tuple[Grant, ...] = ("wall", "ingest", *reversed(ROLES))
_MACHINES: Mapping[str, Words] = {role: _ROLE_WORDS[role] for role in _GRANTS}
_MODES: Mapping[str, Words] = {
    "live": both("nyata", "live"),
    "drill": both("latihan", "drill"),
    "demo": both("simulasi", "demo"),
}
_OF_ROLE: Mapping[Grant, Mood] = {"admin": "warn", "supervisor": "calm"}


def rows(look: Look) -> Sequence[Row]:
    """People by name, then tokens by name."""
    accounts = look.services.accounts
    people = sorted(accounts.users.users(), key=lambda user: user.name.casefold())
    tokens = sorted(accounts.tokens.tokens(), key=lambda token: token.name.casefold())
    return [*(_of_user(one, look) for one in people), *(_of_token(one) for one in tokens)]


def _of_user(user: User, look: Look) -> Row:
    agencies = {option.value: option.words.id for option in agency_options(look)}
    agency = agencies.get(user.agency or "", user.agency or "")
    elsewhere = Line(label=both("Masuk lewat", "Signs in by"), value=both("akun kota", "the city's sign-in"))
    return Row(
        key=f"{_USER}{user.name}",
        version=version_of(user.stamp, user.role, user.agency, user.is_disabled),
        title=user.name,
        sub=agency,
        state=both("tidak boleh masuk", "may not sign in") if user.is_disabled else _ROLE_WORDS[user.role],
        mood="lost" if user.is_disabled else _OF_ROLE.get(user.role, "good"),
        group="off" if user.is_disabled else "user",
        lines=(Line(label=both("Peran", "Role"), value=_ROLE_WORDS[user.role]),
               *((elsewhere,) if user.subject else ()),
               Line(label=both("Dibuat", "Made"), value={"at": epoch_s(user.created_at)})),
        values={"role": user.role, "agency": user.agency or ""},
        deeds=_deeds_of(user),
    )  # fmt: skip


def _deeds_of(user: User) -> tuple[str, ...]:
    if user.subject:
        return ("enable", "remove") if user.is_disabled else ("leave", "disable")
    return ("enable", "remove") if user.is_disabled else ("role", "password", "leave", "disable")


def _of_token(token: Token) -> Row:
    bound = (Line(label=both("Hanya dinding", "Only the wall"), value=token.wall),) if token.wall else ()
    return Row(
        key=f"{_TOKEN}{token.name}",
        version=version_of(token.id),
        title=token.name,
        sub=both(f"dinding {token.wall}", f"wall {token.wall}") if token.wall else "",
        state=_ROLE_WORDS[token.role],
        mood=_OF_ROLE.get(token.role, "good"),
        group="token",
        lines=(Line(label=both("Cap kabar", "Stamp of its news"), value=_MODES[token.mode]), *bound,
               Line(label=both("Dibuat", "Made"), value={"at": epoch_s(token.created_at)})),
        deeds=("revoke",),
        mode=token.mode,
    )  # fmt: skip


def _user(asked: Asked) -> User:
    found = asked.services.accounts.users.named(asked.key.removeprefix(_USER))
    if not asked.key.startswith(_USER) or found is None:
        raise NotFound("there is no such user any more")
    return found


def _refuse_own(asked: Asked, name: str) -> None:
    """Neither one's own way in nor that of the last admin is taken away."""
    if name.casefold() == asked.who.casefold():
        raise BadInput("key: not your own account; ask another admin", field="key")
    accounts = asked.services.accounts
    left = [user.name for user in accounts.users.users() if user.role == "admin" and not user.is_disabled]
    left += [token.name for token in accounts.tokens.tokens() if token.role == "admin"]
    if all(one.casefold() == name.casefold() for one in left):
        raise BadInput("key: this is the last admin", field="key")


def _role_fields(look: Look) -> tuple[Field, ...]:
    hint = both("Hanya untuk pimpinan: OPD yang angkanya terlihat.", "Of a head only: whose figures are shown.")
    return (
        Field(name="role", words=both("Peran", "Role"), kind="choice", is_needed=True, options=choices(_PEOPLE)),
        Field(name="agency", words=both("OPD", "Agency"), kind="choice", options=agency_options(look), hint=hint),
    )


def _add_fields(look: Look) -> tuple[Field, ...]:
    hint = both("Huruf dan angka tanpa spasi, seperti ani.wijaya", "Letters and digits without spaces, as ani.wijaya")
    return (
        Field(name="name", words=both("Nama masuk", "Name"), is_needed=True, hint=hint, longest=64),
        *_role_fields(look),
    )


def _post(asked: Asked) -> tuple[Grant, str | None]:
    said = one_of(asked, "role", _PEOPLE)
    role = next(role for role in ROLES if role == said)
    agency = asked.text("agency", 100)
    if agency is not None:
        one_of(asked, "agency", {option.value: option.words for option in agency_options(asked.look)})
    if agency is not None and role != "head":
        raise BadInput("agency: only a head belongs to one agency", field="agency")
    return role, agency


def _free_name(asked: Asked) -> str:
    name = asked.needed("name")
    if not asked.services.accounts.is_free(name):
        raise BadInput(f"name: there is a user or a token named {name[:64]} already", field="name")
    return name


def add(asked: Asked) -> Done:
    """A person, with a password that is made here."""
    name, (role, agency) = _free_name(asked), _post(asked)
    password, users = new_password(), asked.services.accounts.users
    users.create(name=name, role=role, password=password, now=asked.look.now, agency=agency)
    return Done(
        subject=f"{_USER}{name}",
        shown_once=password,
        revert=lambda: users.remove(name),
        details={"role": role, "agency": agency},
    )


def change_role(asked: Asked) -> Done:
    """Another post; every session of theirs ends."""
    user, (role, agency), users = _user(asked), _post(asked), asked.services.accounts.users
    _refuse_own(asked, user.name)
    users.set_role(user.name, role, agency)

    def restore() -> None:
        users.set_role(user.name, user.role, user.agency)

    details = {"role": role, "agency": agency, "before": user.role}
    return Done(subject=asked.key, revert=restore, details=details)


def new_secret(asked: Asked) -> Done:
    """A new password, for who has forgotten theirs; every session of theirs ends."""
    password = new_password()
    asked.services.accounts.users.set_password(_user(asked).name, password)
    return Done(subject=asked.key, shown_once=password)


def leave(asked: Asked) -> Done:
    """Signed out on every device."""
    asked.services.accounts.users.sign_out_everywhere(_user(asked).name)
    return Done(subject=asked.key, words=both("keluar di semua perangkat", "signed out everywhere"))


def _keep_out(asked: Asked, *, is_disabled: bool) -> Done:
    user, users = _user(asked), asked.services.accounts.users
    if is_disabled:
        _refuse_own(asked, user.name)
    users.set_disabled(user.name, is_disabled=is_disabled)

    def restore() -> None:
        users.set_disabled(user.name, is_disabled=not is_disabled)

    return Done(subject=asked.key, revert=restore)


def disable(asked: Asked) -> Done:
    """Kept out, at once, on every device."""
    return _keep_out(asked, is_disabled=True)


def enable(asked: Asked) -> Done:
    """Let in again."""
    return _keep_out(asked, is_disabled=False)


def remove(asked: Asked) -> Done:
    """Forgotten; what they did stays in the audit."""
    user = _user(asked)
    _refuse_own(asked, user.name)
    asked.services.accounts.users.remove(user.name)
    return Done(subject=asked.key)


def _token_fields(look: Look) -> tuple[Field, ...]:
    walls = {wall.name: both(wall.name, wall.name) for wall in walls_of(look.services.settings.walls)}
    hint = both("Siapa atau alat apa yang memegangnya; terlihat sebagai sumber.", "Who or what holds it.")
    only = both("Hanya untuk layar dinding.", "Of a wall screen only.")
    stamp = both("Latihan: semua yang dikirim dicap latihan.", "Drill: all that it brings is stamped so.")
    return (
        Field(name="name", words=both("Nama", "Name"), is_needed=True, hint=hint, longest=64),
        Field(name="role", words=both("Untuk", "For"), kind="choice", is_needed=True, options=choices(_MACHINES)),
        Field(name="wall", words=both("Dinding", "Wall"), kind="choice", options=choices(walls), hint=only),
        Field(name="mode", words=both("Cap kabar", "Stamp"), kind="choice", options=choices(_MODES), hint=stamp),
    )


def create(asked: Asked) -> Done:
    """A token for a screen or a machine."""
    name, said = _free_name(asked), one_of(asked, "role", _MACHINES)
    if len(name) > _LONGEST_NAME:
        raise BadInput(f"name: at most {_LONGEST_NAME} characters", field="name")
    role = next(role for role in _GRANTS if role == said)
    wall, mode = asked.text("wall", 40), _mode(asked)
    known = {one.name for one in walls_of(asked.services.settings.walls)}
    if wall is not None and wall not in known:
        raise BadInput(f"wall: there is no wall {wall!r}", field="wall")
    tokens = asked.services.accounts.tokens
    try:
        plain = tokens.create(name=name, role=role, now=asked.look.now, mode=mode, wall=wall)
    except BadSettings as error:
        raise BadInput(str(error), field=error.field) from error
    return Done(
        subject=f"{_TOKEN}{name}",
        shown_once=plain,
        revert=lambda: tokens.revoke(name),
        details={"role": role, "wall": wall, "stamp": mode},
    )


def _mode(asked: Asked) -> Mode:
    said = asked.text("mode", 10) or "live"
    found: Mode | None = next((mode for mode in ("live", "drill", "demo") if mode == said), None)
    if found is None:
        raise BadInput(f"mode: {said!r} is none of: {', '.join(_MODES)}", field="mode")
    return found


def revoke(asked: Asked) -> Done:
    """Ended, with every session that was opened with it."""
    name = asked.key.removeprefix(_TOKEN)
    _refuse_own(asked, name)
    asked.services.accounts.tokens.revoke(name)
    return Done(subject=asked.key)


_GONE = both("Semua sesinya berakhir sekarang juga.", "Every session of theirs ends at once.")
_FOR_EVER = both("Ini tidak dapat dibatalkan.", "This cannot be taken back.")

ROOM = Room(
    title=both("Pengguna & token", "Users & tokens"),
    rows=rows,
    groups={"user": both("Orang", "People"), "token": both("Token", "Tokens"), "off": both("Nonaktif", "Kept out")},
    empty=both("Belum ada pengguna. Buat yang pertama di sini.", "No user yet. Make the first one here."),
    is_house=True,
    allowed=ADMIN,
    deeds={
        "add": Deed(words=both("Pengguna baru", "New user"), do=add, fields=_add_fields, key="n", is_new=True,
                    allowed=ADMIN),
        "token": Deed(words=both("Token baru", "New token"), do=create, fields=_token_fields, key="w", is_new=True,
                      allowed=ADMIN),
        "role": Deed(words=both("Ubah peran", "Change role"), do=change_role, fields=_role_fields, key="v",
                     asks_why=True, allowed=ADMIN, hint=_GONE),
        "password": Deed(words=both("Kata sandi baru", "New password"), do=new_secret, key="a", asks_why=True,
                         allowed=ADMIN, hint=_GONE),
        "leave": Deed(words=both("Keluarkan dari semua perangkat", "Sign out everywhere"), do=leave, key="k",
                      allowed=ADMIN),
        "disable": Deed(words=both("Nonaktifkan", "Keep out"), do=disable, key="c", asks_why=True, is_grave=True,
                        allowed=ADMIN, hint=_GONE),
        "enable": Deed(words=both("Aktifkan lagi", "Let in again"), do=enable, key="r", allowed=ADMIN),
        "remove": Deed(words=both("Hapus", "Remove"), do=remove, asks_why=True, is_grave=True, allowed=ADMIN,
                       hint=_FOR_EVER),
        "revoke": Deed(words=both("Cabut token", "Revoke"), do=revoke, key="x", asks_why=True, is_grave=True,
                       allowed=ADMIN, hint=_FOR_EVER),
    },
)  # fmt: skip
