"""The rules of the camera wall, as its scripts have them: which grid, who stands on it when, what the line may carry.

They are pure functions, so they are asked in an empty page of the browser that will run them, and time is a number.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.wall_stage import ROOT

SCRIPTS = ("34-camera-grid.js", "34-camera-schedule.js", "34-camera-budget.js")
FULL_HD, PORTRAIT, SQUARISH, ULTRA_WIDE = (1920, 1020), (1080, 1850), (1280, 960), (3840, 1020)

TICKS = """([ticks, start]) => {
  const seen = [];
  let state = start;
  for (const known of ticks) {
    state = layar.cameraSchedule.next(state, known);
    seen.push({...state, now: known.now});
  }
  return seen;
}"""


@pytest.fixture(scope="module")
def rules(browser: Browser) -> Iterator[Page]:
    page = browser.new_context(device_scale_factor=1).new_page()
    page.evaluate("window.layar = {}; 0")
    for name in SCRIPTS:
        page.add_script_tag(content=(ROOT / "assets" / name).read_text("utf-8"))
    yield page
    page.context.close()


def cameras(count: int, *, sees: tuple[int, ...] = ()) -> list[dict[str, Any]]:
    found = [{"key": f"C{i:03}", "name": f"Kamera {i:03}", "sees": i in sees} for i in range(count)]
    return sorted(found, key=lambda camera: not camera["sees"])


def known(now: float, listed: list[dict[str, Any]], worst: str | None = None, **said: Any) -> dict[str, Any]:
    told = {"key": worst, "ageS": said.pop("age_s", 3600)} if worst else None
    return {"now": now, "cameras": listed, "cells": 9, "cellsBesideAlarm": 6, "worst": told, "rotateS": 12, **said}


def ticked(rules: Page, ticks: list[dict[str, Any]], start: Any = None) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = rules.evaluate(TICKS, [ticks, start])
    return seen


@pytest.mark.parametrize(
    ("count", "box", "columns", "rows"),
    [
        *((n, FULL_HD, c, r) for n, c, r in ((1, 1, 1), (4, 2, 2), (9, 3, 3), (16, 4, 4), (30, 6, 5))),
        *((n, PORTRAIT, c, r) for n, c, r in ((1, 1, 1), (4, 1, 4), (9, 2, 5), (16, 2, 8), (30, 3, 10))),
        *((n, SQUARISH, c, r) for n, c, r in ((4, 2, 2), (9, 3, 3), (16, 4, 4), (30, 5, 6))),
        *((n, ULTRA_WIDE, c, r) for n, c, r in ((4, 4, 1), (9, 5, 2), (30, 8, 4))),
    ],
)
def test_the_grid_is_the_one_with_the_largest_pictures(rules, count, box, columns, rows):
    assert rules.evaluate("args => layar.cameraGrid.choose(...args)", [count, *box]) == {
        "columns": columns,
        "rows": rows,
    }


@pytest.mark.parametrize("box", [FULL_HD, PORTRAIT, SQUARISH, ULTRA_WIDE])
@pytest.mark.parametrize("count", [4, 9, 16, 30])
def test_a_large_tile_is_at_least_twice_as_wide_and_leaves_room_for_others(rules, count, box):
    ask = "args => [layar.cameraGrid.withLarge(...args), layar.cameraGrid.choose(...args)]"
    beside, plain = rules.evaluate(ask, [count, *box])
    width, height = box

    def picture(columns, rows, across=1, down=1):
        return min(width / columns * across, height / rows * down * 16 / 9)

    large = picture(
        beside["columns"], beside["rows"], **dict(zip(("across", "down"), beside["large"].values(), strict=True))
    )
    small = picture(beside["columns"], beside["rows"])
    assert large >= 1.9 * small
    assert large >= picture(plain["columns"], plain["rows"])
    assert (
        beside["cells"] == beside["columns"] * beside["rows"] - beside["large"]["columns"] * beside["large"]["rows"] + 1
    )
    assert beside["cells"] >= 4


@pytest.mark.parametrize(
    ("pixels", "is_thin", "size"),
    [(320, False, "thumb"), (460, False, "medium"), (1280, False, "full"), (320, True, "tiny"), (1280, True, "thumb")],
)
def test_a_tile_asks_for_the_size_it_can_show(rules, pixels, is_thin, size):
    assert rules.evaluate("args => layar.cameraGrid.size(...args)", [pixels, is_thin]) == size


def test_pages_take_turns_of_at_least_twelve_seconds_until_everybody_was_there_and_none_has_a_gap(rules):
    seen = ticked(rules, [known(now, cameras(30)) for now in range(60)])
    turned = [tick for before, tick in pairwise(seen) if tick["shown"] != before["shown"]]
    pages = [tick["shown"] for tick in turned]
    turns = [tick["now"] for tick in turned]
    assert turns == [12, 24, 36, 48]
    assert all(len(page) == len(set(page)) == 9 for page in pages)
    assert {key for page in pages for key in page} == {camera["key"] for camera in cameras(30)}
    assert seen[0]["shown"] == pages[3], "a page is the same page the next time"


def test_what_fits_on_one_page_never_moves_without_need(rules):
    order = cameras(9)
    shuffled = [[*order[i % 9 :], *order[: i % 9]] for i in range(60)]
    seen = ticked(rules, [known(now, listed) for now, listed in enumerate(shuffled)])
    assert {tuple(tick["shown"]) for tick in seen} == {tuple(camera["key"] for camera in order)}
    assert seen[-1]["pages"] == 1


def test_a_held_page_stays_and_a_forgotten_hold_ends(rules):
    start = ticked(rules, [known(0, cameras(30))])[-1]
    held = rules.evaluate("state => layar.cameraSchedule.hold(state, 5)", start)
    seen = ticked(rules, [known(now, cameras(30)) for now in range(6, 940, 4)], held)
    first = next(tick["now"] for tick in seen if tick["shown"] != start["shown"])
    assert 905 <= first <= 930
    let_go = rules.evaluate("state => layar.cameraSchedule.hold(state, 9)", held)
    assert let_go["heldAt"] is None


def test_a_hand_turns_pages_at_once_both_ways(rules):
    now = known(1, cameras(30))
    start = ticked(rules, [known(0, cameras(30))])[-1]
    there = rules.evaluate("args => layar.cameraSchedule.turn(...args)", [start, now, 1])
    back = rules.evaluate("args => layar.cameraSchedule.turn(...args)", [there, now, -1])
    assert there["shown"] != start["shown"]
    assert (back["shown"], back["page"]) == (start["shown"], 0)
    assert rules.evaluate("args => layar.cameraSchedule.turn(...args)", [start, now, -1])["page"] == 3


def test_cameras_that_see_the_incident_stand_on_every_page(rules):
    listed = cameras(30, sees=(7, 21))
    seen = ticked(rules, [known(now, listed, "A") for now in range(60)])
    assert len({tuple(tick["shown"]) for tick in seen}) == 4
    assert all(tick["shown"][:2] == ["C007", "C021"] for tick in seen)


def test_the_camera_that_best_sees_a_new_worst_incident_takes_the_large_tile_for_a_minute(rules):
    calm = [known(now, cameras(30)) for now in range(10)]
    fire = [known(now, cameras(30, sees=(7,)), "A") for now in range(10, 90)]
    seen = ticked(rules, calm + fire)
    large = [tick["now"] for tick in seen if tick["large"] == "C007"]
    assert (large[0], large[-1]) == (10, 69)
    assert all(tick["shown"][0] == "C007" and len(tick["shown"]) == 6 for tick in seen if tick["large"])
    assert seen[-1]["large"] is None
    assert len(seen[-1]["shown"]) == 9


def test_an_incident_that_nobody_sees_or_that_is_old_when_the_wall_begins_takes_no_tile(rules):
    unseen = ticked(rules, [known(now, cameras(30), "A", age_s=5) for now in range(60)])
    old = ticked(rules, [known(now, cameras(30, sees=(7,)), "A", age_s=600) for now in range(60)])
    young = ticked(rules, [known(now, cameras(30, sees=(7,)), "A", age_s=5) for now in range(3)])
    assert {tick["large"] for tick in unseen + old} == {None}
    assert young[0]["large"] == "C007"


def test_a_worse_incident_waits_eight_seconds_for_the_large_tile_and_a_closed_one_keeps_it_as_long(rules):
    first = [known(now, cameras(30, sees=(7,)), "A") for now in range(20, 23)]
    worse = [known(now, cameras(30, sees=(3,)), "B") for now in range(23, 30)]
    closed = [known(now, cameras(30)) for now in range(30, 50)]
    seen = ticked(rules, [known(0, cameras(30)), *first, *worse, *closed])
    large = [(tick["now"], tick["large"]) for tick in seen[1:]]
    assert [now for now, key in large if key == "C007"] == list(range(20, 28))
    assert [now for now, key in large if key == "C003"] == list(range(28, 36))
    assert large[-1][1] is None


def test_the_same_incident_never_rings_twice(rules):
    ticks = [known(now, cameras(30, sees=(7,)), "A" if now % 40 < 20 else None) for now in range(300)]
    seen = ticked(rules, [known(0, cameras(30)), *ticks[1:]])
    begins = [b["now"] for a, b in pairwise(seen) if a["large"] is None and b["large"]]
    assert len(begins) == 1


def test_when_the_large_camera_no_longer_sees_the_next_one_takes_over_not_before_eight_seconds(rules):
    both = [known(now, cameras(30, sees=(3, 7)), "A") for now in range(20, 23)]
    blind = [known(now, cameras(30, sees=(7,)), "A") for now in range(23, 40)]
    seen = ticked(rules, [known(0, cameras(30)), *both, *blind])
    assert [tick["now"] for tick in seen if tick["large"] == "C003"] == list(range(20, 28))
    assert seen[-1]["large"] == "C007"


def test_a_camera_that_is_listed_no_more_leaves_and_nobody_else_moves(rules):
    start = ticked(rules, [known(0, cameras(30))])[-1]
    fewer = [camera for camera in cameras(30) if camera["key"] != "C004"]
    after = ticked(rules, [known(1, fewer)], start)[-1]
    assert "C004" not in after["shown"]
    assert len(after["shown"]) == 9
    assert after["shown"][:8] == [key for key in start["shown"] if key != "C004"]
    assert ticked(rules, [known(2, [])], after)[-1]["shown"] == []
    assert len(ticked(rules, [known(3, cameras(30))], ticked(rules, [known(2, [])], after)[-1])[-1]["shown"]) == 9


STORM = """() => {
  let seed = 112;
  const random = () => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed / 2147483648; };
  let state = null; let switchedAt = -Infinity; let worst = null; const quick = []; let switches = 0;
  let order = Array.from({length: 40}, (_, i) => ({key: `C${i}`, name: `K${i}`, sees: false}));
  for (let now = 0; now < 3600; now += 0.25) {
    if (random() < 0.02) worst = random() < 0.3 ? null : {key: `I${Math.floor(random() * 400)}`, ageS: 9};
    if (random() < 0.1) {
      order = order.map((camera) => ({...camera, sees: worst !== null && random() < 0.1}));
      order.sort((a, b) => b.sees - a.sees || random() - 0.5);
    }
    const before = state && `${state.large} ${state.shown}`;
    const known = {now, cameras: order, cells: 16, cellsBesideAlarm: 8, worst, rotateS: 12};
    state = layar.cameraSchedule.next(state, known);
    if (before === null || before === `${state.large} ${state.shown}`) continue;
    switches += 1;
    if (now - switchedAt < 8) quick.push(now);
    switchedAt = now;
  }
  return {quick, switches};
}"""


def test_in_an_hour_of_storm_the_wall_never_switches_twice_within_eight_seconds(rules):
    storm = rules.evaluate(STORM)
    assert storm["quick"] == []
    assert storm["switches"] > 100


LOAD = """() => {
  const { cameraBudget } = layar;
  let bucket = cameraBudget.bucket(0); let bytes = 0;
  const tiles = Array.from({length: 30}, (_, i) => (
    {key: i, askedAt: -Infinity, periodS: 2, weight: i < 3 ? 2 : 1, isAsking: false, count: 0}));
  for (let now = 0; now < 60; now += 0.2) {
    bucket = cameraBudget.filled(bucket, now);
    for (;;) {
      const next = cameraBudget.pick(tiles, now);
      if (!next || !cameraBudget.affords(bucket, 4000)) break;
      bucket = cameraBudget.spent(bucket, 4000);
      next.askedAt = now; next.count += 1; bytes += 4000;
    }
  }
  return {bytes, counts: tiles.map((tile) => tile.count), round: cameraBudget.roundS(Array(30).fill(4000), 0)};
}"""


def test_the_bucket_keeps_to_its_rate_and_those_near_the_incident_come_twice_as_often(rules):
    load = rules.evaluate(LOAD)
    assert load["bytes"] * 8 / 60 <= 195_000
    near, others = load["counts"][:3], load["counts"][3:]
    assert min(others) >= 60 / load["round"] - 4, "nobody is left out"
    assert sum(near) / 3 >= 1.7 * sum(others) / 27
    assert load["round"] == 5


JUDGE = """([bytesPerS, busyShare, seconds]) => {
  const { cameraBudget } = layar;
  let line = cameraBudget.line(false);
  for (let at = 1; at <= seconds; at += 1) {
    line = cameraBudget.judged(cameraBudget.heard(line, {at, bytes: bytesPerS, busyS: busyShare}), at);
  }
  return [line.isThin, line.samples.length];
}"""


@pytest.mark.parametrize(
    ("bytes_per_s", "busy_share", "seconds", "is_thin"),
    [(30_000, 1, 20, True), (30_000, 0.3, 60, False), (90_000, 1, 60, False), (30_000, 1, 5, False)],
)
def test_a_line_is_thin_when_it_is_always_in_use_and_still_gives_little(
    rules, bytes_per_s, busy_share, seconds, is_thin
):
    found, samples = rules.evaluate(JUDGE, [bytes_per_s, busy_share, seconds])
    assert found == is_thin
    assert samples <= 15


def test_two_quick_probes_end_the_thin_mode_and_a_slow_one_between_does_not(rules):
    probe = """probes => {
      let line = layar.cameraBudget.line(true);
      return probes.map((seconds, i) => (line = layar.cameraBudget.probed(line, 30000, seconds, 60 * i)).isThin);
    }"""
    assert rules.evaluate(probe, [0.1, 0.1]) == [True, False]
    assert rules.evaluate(probe, [0.1, 2, 0.1]) == [True, True, True]
