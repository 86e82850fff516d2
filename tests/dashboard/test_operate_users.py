"""People and tokens at the desk: who is let in and kept out, a secret shown once, an admin that is always left."""

import pytest

from dashboard import operate_users
from dashboard.operate import Asked, Look
from dashboard.users import UserBook
from geodata.errors import BadInput
from tests.dashboard.test_operate import rows

ROOM = "users"


@pytest.fixture
def users(city):
    return city.services.accounts.users


def post(city, path, by="admin", **body):
    return city.client().post(f"/api/v1/desk/{path}", json=body, headers=city.bearer(by))


def add(city, name="ani", role="operator", by="admin", **more):
    return post(city, "users/add", by, name=name, role=role, **more)


def do(city, deed, key, **more):
    version = rows(city, ROOM, "admin")[key]["version"]
    return post(city, f"users/{deed}", **{"key": key, "version": version, "why": "uji", **more})


def test_a_new_person_signs_in_with_the_password_that_was_shown_once(city, users):
    done = add(city).json
    assert users.check("ani", done["shown_once"]).role == "operator"
    shown = city.get("/api/v1/desk/users", "admin").get_data(as_text=True)
    assert done["shown_once"] not in shown
    assert "argon2" not in shown
    [row] = city.services.audit.newest(1)
    assert (row.action, row.target, row.details["role"]) == ("desk.users.add", "user:ani", "operator")
    assert done["shown_once"] not in (city.folder / "audit.jsonl").read_text()


def test_a_name_that_is_taken_and_a_role_that_is_none_are_refused_beside_their_field(city):
    add(city)
    assert add(city, "Ani").json["field"] == "name"
    assert add(city, "wall-1").json["field"] == "name"
    assert add(city, "b c").json["field"] == "name"
    assert add(city, "budi", "wall").json["field"] == "role"
    assert add(city, "budi", agency="bpbd").json["field"] == "agency"
    assert add(city, "budi", "head", agency="tidak ada").json["field"] == "agency"
    assert add(city, "budi", "head", agency="bpbd").status_code == 200


def test_a_role_is_changed_with_a_reason_ends_the_sessions_and_is_taken_back(city, users):
    add(city)
    proof = users.named("ani").proof
    assert do(city, "role", "user:ani", role="supervisor", why="").json["field"] == "why"
    done = do(city, "role", "user:ani", role="supervisor").json
    assert (users.named("ani").role, city.services.accounts.of(proof)) == ("supervisor", None)
    assert post(city, "undo", id=done["undo"]).status_code == 200
    assert users.named("ani").role == "operator"


def test_who_is_kept_out_cannot_sign_in_until_let_in_again_and_a_new_password_replaces_the_old_one(city, users):
    old = add(city).json["shown_once"]
    do(city, "disable", "user:ani")
    assert users.check("ani", old) is None
    assert rows(city, ROOM, "admin")["user:ani"]["group"] == "off"
    do(city, "enable", "user:ani")
    assert users.check("ani", old) is not None
    new = do(city, "password", "user:ani").json["shown_once"]
    assert users.check("ani", old) is None
    assert users.check("ani", new) is not None


def test_a_person_who_is_removed_is_gone_and_what_was_done_stays_in_the_audit(city, users):
    add(city)
    do(city, "disable", "user:ani")
    do(city, "remove", "user:ani")
    assert users.named("ani") is None
    assert [row.action.rpartition(".")[2] for row in city.services.audit.newest(3)] == ["remove", "disable", "add"]


def test_a_token_is_shown_once_bound_to_its_wall_and_worth_nothing_once_revoked(city):
    done = post(city, "users/token", name="dinding-kiri", role="wall", wall="utama").json
    assert city.services.tokens.check(done["shown_once"]).wall == "utama"
    do(city, "revoke", "token:dinding-kiri")
    assert city.services.tokens.check(done["shown_once"]) is None
    assert post(city, "users/token", name="x", role="wall", wall="lain").json["field"] == "wall"
    assert post(city, "users/token", name="x", role="ingest", wall="utama").json["field"] == "wall"


def test_an_admin_does_not_take_away_their_own_way_in(city):
    assert do(city, "revoke", "token:admin-2").status_code == 400
    assert city.get("/api/v1/desk/users", "admin").status_code == 200


def test_the_last_admin_stays_even_when_two_would_lower_each_other_at_once(city, users):
    add(city, "bos", "admin")
    city.services.tokens.revoke("admin-2")
    look = Look(services=city.services, situation=city.services.hub.situation(), now=city.watch.now)
    row = next(one for one in operate_users.rows(look) if one.key == "user:bos")
    for deed in (operate_users.change_role, operate_users.disable, operate_users.remove):
        with pytest.raises(BadInput, match="last admin"):
            deed(Asked(look=look, who="admin-2", said={"role": "operator"}, row=row))
    assert users.named("bos").role == "admin"


def test_the_command_and_the_desk_change_the_same_book(city):
    book = UserBook(city.folder / "users.json")
    book.create(name="budi", role="supervisor", password="empat kata yang panjang", now=city.watch.now)  # noqa: S106 — a test's
    assert rows(city, ROOM, "admin")["user:budi"]["state"]["en"] == "supervisor: leads the shift"


def test_only_an_admin_sees_who_there_is(city):
    for role in ("operator", "supervisor", "head", "wall", "visitor", "ingest"):
        assert city.get("/api/v1/desk/users", role).status_code == 403
        assert add(city, "x", "admin", by=role).status_code == 403
