"""Camera lists as cities send them: right lines taken, wrong ones named."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cctv.camera import PurposeCard, discover_sources
from cctv.entry import Rules
from cctv.inventory import FILE_NAME, MOST_CAMERAS, import_cameras, load_cameras, read_list, save_cameras
from cctv.secrets import load_secrets
from geodata.errors import BadInventory

SOURCES = discover_sources().found
RULES = Rules(sources=SOURCES)
HEAD = "id,name,lon,lat,url,kind,azimuth,fov,range,owner,kelurahan\n"
GOOD = "CAM-07,Jembatan Mahakam,117.13,-0.51,rtsp://10.0.0.7/1,,45,70,300,Dishub,Sungai Kunjang\n"


def read(text):
    return read_list(text.encode(), RULES)


def test_a_full_line_becomes_a_camera():
    camera = read(HEAD + GOOD).cameras[0]
    assert (camera.id, camera.name, camera.lon, camera.lat) == ("CAM-07", "Jembatan Mahakam", 117.13, -0.51)
    assert (camera.url, camera.kind, camera.azimuth_deg, camera.fov_deg) == ("rtsp://10.0.0.7/1", "rtsp", 45.0, 70.0)
    assert (camera.range_m, camera.owner, camera.kelurahan) == (300.0, "Dishub", "Sungai Kunjang")


def test_headers_are_read_in_the_spellings_of_cities_and_excel():
    text = "\ufeffKode CCTV;Nama Lokasi;Bujur;Lintang;Alamat Stream;Arah;Sudut Pandang\nA;Pasar Pagi;117,15;-0,5;http://h/s.jpg;-90;\n"
    camera = read(text).cameras[0]
    assert (camera.id, camera.lon, camera.lat, camera.kind) == ("A", 117.15, -0.5, "http_jpeg")
    assert (camera.azimuth_deg, camera.fov_deg) == (270.0, 60.0)


def test_a_list_from_an_older_pc_keeps_its_letters():
    assert (
        read_list((HEAD + GOOD.replace("Jembatan", "Café")).encode("cp1252"), RULES).cameras[0].name == "Café Mahakam"
    )


def test_without_a_direction_there_is_none():
    assert read("name,lon,lat,url\nX,117,-0.5,sim:\n").cameras[0].azimuth_deg is None


@pytest.mark.parametrize(("cell", "night"), [("ya", True), ("TRUE", True), ("Tidak", False), ("no", False), ("", None)])
def test_a_list_may_say_whether_a_camera_is_of_use_at_night(cell, night):
    assert read(f"name,lon,lat,url,malam\nX,117,-0.5,sim:,{cell}\n").cameras[0].night is night


def test_a_night_that_is_neither_yes_nor_no_is_refused():
    (refused,) = read("name,lon,lat,url,night\nX,117,-0.5,sim:,kadang\n").refused
    assert (refused.field, refused.why) == ("night", "is neither yes nor no")


def test_an_id_is_made_from_the_name_where_there_is_none():
    assert read("name,lon,lat,url\nSimpang 4 Air Putih,117,-0.5,sim:\n").cameras[0].id == "SIMPANG-4-AIR-PUTIH"


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        (",,117,-0.5,sim:,,,,,,", "id", "missing"),
        ("A,A,,-0.5,sim:,,,,,,", "lon", "missing"),
        ("A,A,timur,-0.5,sim:,,,,,,", "lon", "not a number"),
        ("A,A,nan,-0.5,sim:,,,,,,", "lon", "not a number"),
        ("A,A,0,0,sim:,,,,,,", "lon", "0,0 is no place"),
        ("A,A,-0.5,117,sim:,,,,,,", "lat", "swapped"),
        ("A,A,217,-0.5,sim:,,,,,,", "lon", "not between"),
        ("A,A,117,-0.5,,,,,,,", "url", "missing"),
        ("A,A,117,-0.5,exec:rm -rf,,,,,,", "url", "space"),
        ("A,A,117,-0.5,exec:/bin/sh,,,,,,", "url", "we can open file, http, https, rtmp, rtp, rtsp, rtsps, sim, udp"),
        ("A,A,117,-0.5,ftp://h/x,,,,,,", "url", "no camera source opens ftp://"),
        ("A,A,117,-0.5,rtsp://,,,,,,", "url", "names no host"),
        ("A,A,117,-0.5,rtsp://h/1,http_jpeg,,,,,", "kind", "cannot open rtsp://"),
        ("A,A,117,-0.5,rtsp://h/1,onvif,,,,,", "kind", "no camera source is called onvif"),
        ("A,A,117,-0.5,file:///etc/passwd,,,,,,", "url", "only from the data folder"),
        ("A,A,117,-0.5,sim:,,utara,,,,", "azimuth", "not a number"),
        ("A,A,117,-0.5,sim:,,,0,,,", "fov", "not between 1 and 360"),
        ("A,A,117,-0.5,sim:,,,,-3,,", "range", "not between"),
        (f"{'x' * 65},A,117,-0.5,sim:,,,,,,", "id", "longer than 64"),
        (f"A,{'x' * 201},117,-0.5,sim:,,,,,,", "name", "longer than 200"),
        ("A,A\a,117,-0.5,sim:,,,,,,", "name", "cannot be printed"),
        ("A,A,117,-0.5,rtsp://a:b#c@h/1,,,,,,", "url", "%23"),
    ],
)
def test_a_wrong_line_is_named_with_its_field_and_the_right_ones_are_taken(line, field, words):
    reading = read(HEAD + GOOD + line + "\n" + GOOD.replace("CAM-07", "CAM-08"))
    assert [camera.id for camera in reading.cameras] == ["CAM-07", "CAM-08"]
    assert [(refused.where, refused.field) for refused in reading.refused] == [("line 3", field)]
    assert words in reading.refused[0].why


def test_everything_wrong_with_a_line_is_named_at_once():
    assert [refused.field for refused in read(HEAD + "A,A,x,-0.5,,,,,,,\n").refused] == ["lon", "url"]


def test_the_second_of_two_with_one_id_is_refused_and_the_first_named():
    reading = read(HEAD + GOOD + GOOD)
    assert len(reading.cameras) == 1
    assert str(reading.refused[0]) == "line 3: id: CAM-07 is taken by line 2"


def test_more_cameras_than_one_process_can_carry_are_refused():
    lines = "".join(f"C{number},n,117,-0.5,sim:\n" for number in range(MOST_CAMERAS + 2))
    reading = read("id,name,lon,lat,url\n" + lines)
    assert (len(reading.cameras), len(reading.refused)) == (MOST_CAMERAS, 2)


def feature(**properties):
    point = {"type": "Point", "coordinates": [117.13, -0.51, 12]}
    return {
        "type": "Feature",
        "id": 7,
        "geometry": point,
        "properties": {"name": "Jembatan", "url": "sim:", **properties},
    }


def test_geojson_points_are_read_longitude_first():
    text = json.dumps(
        {"type": "FeatureCollection", "features": [feature(), feature(id="B", geometry=None), {"type": "x"}]}
    )
    reading = read(text)
    assert [(camera.id, camera.lon, camera.lat) for camera in reading.cameras] == [
        ("7", 117.13, -0.51),
        ("B", 117.13, -0.51),
    ]
    assert reading.refused[0].where == "entry 3"


def test_the_lists_of_web_maps_are_read_latitude_first():
    reading = read(json.dumps([{"name": "Pasar Pagi", "coords": [-0.5, 117.15], "url": "http://h/video.mjpg"}]))
    camera = reading.cameras[0]
    assert (camera.id, camera.lon, camera.lat, camera.kind) == ("PASAR-PAGI", 117.15, -0.5, "mjpeg")


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xfe", b"{}", b"[1]", b"null", b"[]", b'{"features": 3}', b"[" * 100_000, b"a,b,c\n1,2,3",
        b"x" * 10_000_001, b"id,name,lon,lat,url\n", b"id,url\n" + b'"' + b"x" * 200_000,
        b'{"features":[{"type":"Feature","properties":3}]}',
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_and_nothing_changes(tmp_path, content):
    import_cameras((HEAD + GOOD).encode(), tmp_path, SOURCES)
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(BadInventory):
        import_cameras(content, tmp_path, SOURCES)
    assert (tmp_path / FILE_NAME).read_bytes() == before


@given(st.binary(max_size=300), st.sampled_from([b"", HEAD.encode(), b"[", b'{"features":[{"type":"Feature",']))
def test_any_bytes_are_a_list_or_refused(content, head):
    try:
        reading = read_list(head + content, RULES)
    except BadInventory as error:
        reading = str(error)
    assert reading


def test_credentials_are_moved_out_of_the_list_and_said_nowhere(tmp_path):
    lines = (
        "id,name,lon,lat,url,user,password\n"
        "A,A,117,-0.5,rtsp://pengawas:rahasia@10.0.0.7/1,,\n"
        "B,B,117,-0.5,http://10.0.0.8/s.jpg,pengawas,rahasia\n"
        "C,C,0,0,rtsp://pengawas:rahasia@10.0.0.9/1,,\n"
        "D,D,117,-0.5,rtsp://pengawas:rahasia#@10.0.0.9/1,,\n"
    )
    reading = import_cameras(lines.encode(), tmp_path, SOURCES)
    said = repr(reading) + "".join(map(str, reading.refused)) + (tmp_path / FILE_NAME).read_text()
    assert "rahasia" not in said
    assert "pengawas" not in said
    assert {id_: login.password for id_, login in load_secrets(tmp_path).items()} == {"A": "rahasia", "B": "rahasia"}


def test_an_import_is_the_whole_list_but_a_refused_line_takes_no_camera_away(tmp_path):
    import_cameras((HEAD + GOOD + GOOD.replace("07", "08") + GOOD.replace("07", "09")).encode(), tmp_path, SOURCES)
    again = HEAD + GOOD.replace("CAM-07,", "CAM-10,") + GOOD.replace("CAM-07", "CAM-08").replace("117.13", "timur")
    import_cameras(again.encode(), tmp_path, SOURCES)
    assert [camera.id for camera in load_cameras(tmp_path)] == ["CAM-08", "CAM-10"]


def test_an_addition_keeps_what_it_does_not_name(tmp_path):
    import_cameras((HEAD + GOOD).encode(), tmp_path, SOURCES)
    import_cameras((HEAD + GOOD.replace("07", "08")).encode(), tmp_path, SOURCES, is_addition=True)
    assert [camera.id for camera in load_cameras(tmp_path)] == ["CAM-07", "CAM-08"]


def test_files_are_taken_from_the_data_folder_and_from_those_named(tmp_path, monkeypatch):
    data, other = tmp_path / "data", tmp_path / "other"
    data.mkdir()
    list_ = f"id,name,lon,lat,url\nA,A,117,-0.5,file://{data}/a.jpg\nB,B,117,-0.5,file://{other}/b.jpg\n"
    list_ += f"C,C,117,-0.5,file://{data}/../other/c.jpg\n"
    assert [refused.where for refused in import_cameras(list_.encode(), data, SOURCES).refused] == ["line 3", "line 4"]
    monkeypatch.setenv("LAYAR_CAMERA_FILES", str(other))
    assert not import_cameras(list_.encode(), data, SOURCES).refused


PRIVATE = (
    "id,name,lon,lat,url,tiang,Area Privasi,penonton,tujuan,dasar hukum,kontak,papan pemberitahuan,retensi\n"
    'A,A,117,-0.5,sim:,PJU-12,"[[[0,0],[0.4,0],[0.4,1]]]",petugas,lalu lintas,Perwali 1/2025,Dishub,ya,7 hari\n'
)


def test_masks_audience_and_purpose_are_part_of_the_list_and_kept(tmp_path):
    import_cameras(PRIVATE.encode(), tmp_path, SOURCES)
    (camera,) = load_cameras(tmp_path)
    assert camera.masks == (((0.0, 0.0), (0.4, 0.0), (0.4, 1.0)),)
    assert (camera.group, camera.audience) == ("PJU-12", "operator")
    assert camera.card == PurposeCard(
        purpose="lalu lintas", legal_basis="Perwali 1/2025", contact="Dishub", notice="ya", retention="7 hari"
    )


@pytest.mark.parametrize(
    ("cells", "field", "words"),
    [('"[[[0,0],[2,0],[0,1]]]",', "masks", "fractions"), (",semua", "audience", "operator, visitor, wall")],
)
def test_a_mask_or_audience_that_is_not_understood_takes_the_line_not_the_protection(tmp_path, cells, field, words):
    import_cameras(PRIVATE.encode(), tmp_path, SOURCES)
    wrong = f"id,name,lon,lat,url,masks,audience\nA,A,117,-0.5,sim:,{cells}\nB,B,117,-0.5,sim:,,\n"
    (refused,) = import_cameras(wrong.encode(), tmp_path, SOURCES).refused
    assert refused.field == field
    assert words in refused.why
    assert load_cameras(tmp_path)[0].masks


def test_a_list_that_does_not_speak_of_masks_takes_none_away(tmp_path):
    import_cameras(PRIVATE.encode(), tmp_path, SOURCES)
    import_cameras(b"id,name,lon,lat,url\nA,Baru,117,-0.5,sim:\n", tmp_path, SOURCES)
    (camera,) = load_cameras(tmp_path)
    assert (camera.name, camera.audience, len(camera.masks)) == ("Baru", "operator", 1)
    import_cameras(b"id,name,lon,lat,url,masks,audience\nA,A,117,-0.5,sim:,,\n", tmp_path, SOURCES)
    (camera,) = load_cameras(tmp_path)
    assert (camera.audience, camera.masks) == ("wall", ())


def test_a_mask_broken_by_hand_is_refused_with_the_camera_named(tmp_path):
    import_cameras(PRIVATE.encode(), tmp_path, SOURCES)
    path = tmp_path / FILE_NAME
    path.write_text(path.read_text().replace("0.4", "40"))
    with pytest.raises(BadInventory, match="masks of A"):
        load_cameras(tmp_path)


def test_a_damaged_inventory_says_what_to_do(tmp_path):
    (tmp_path / FILE_NAME).write_text('[{"id": "A"}]')
    with pytest.raises(BadInventory, match="import the camera list again"):
        load_cameras(tmp_path)


def test_what_is_saved_is_loaded(tmp_path):
    cameras = read(HEAD + GOOD).cameras
    save_cameras(tmp_path, cameras)
    assert load_cameras(tmp_path) == cameras
    assert load_cameras(tmp_path / "nowhere") == ()


def test_a_stream_may_have_a_snapshot_beside_it_and_a_pace_of_its_own():
    text = "id,lon,lat,url,snapshot_url,period\nA,117,-0.5,rtsp://u:p@h/1,http://u:p@h:81/snap.jpg?ch=1,10\n"
    reading = read(text)
    camera = reading.cameras[0]
    assert (camera.kind, camera.url, camera.snapshot_url) == ("rtsp", "rtsp://h/1", "http://h:81/snap.jpg?ch=1")
    assert camera.period_s == 10.0
    assert reading.credentials.keys() == {"A"}


def test_a_camera_that_has_only_a_snapshot_is_reached_by_it():
    camera = read("id,lon,lat,snapshot\nA,117,-0.5,http://h/s.jpg\n").cameras[0]
    assert (camera.url, camera.kind, camera.snapshot_url) == ("http://h/s.jpg", "http_jpeg", None)


@pytest.mark.parametrize(
    ("snapshot", "words"),
    [
        ("http://elsewhere/s.jpg", "another host"),
        ("ftp://h/s.jpg", "no http"),
        ("file:///etc/passwd", "no http"),
        ("http://u:other@h/s.jpg", "another password"),
        ("http://h/s jpg", "a space"),
    ],
)
def test_a_snapshot_that_would_take_the_password_elsewhere_is_refused(snapshot, words):
    (refused,) = read(f"id,lon,lat,url,snapshot_url\nA,117,-0.5,rtsp://u:p@h/1,{snapshot}\n").refused
    assert refused.field == "snapshot_url"
    assert words in refused.why


@pytest.mark.parametrize("period", ["0", "0.1", "4000", "sering"])
def test_a_pace_no_camera_can_keep_is_refused(period):
    (refused,) = read(f"id,lon,lat,url,periode\nA,117,-0.5,sim:,{period}\n").refused
    assert refused.field == "period"


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://h/live/index.m3u8?t=1", "hls"),
        ("https://h/live.FLV", "http_flv"),
        ("http://h/live.ts", "mpegts"),
        ("rtmp://h/live/1", "rtmp"),
        ("udp://10.0.0.7:5000", "mpegts"),
        ("rtp://239.1.1.7:5000", "mpegts"),
        ("http://h/snap.jpg", "http_jpeg"),
        ("http://h/video.cgi?x=.m3u8", "mjpeg"),
    ],
)
def test_the_kind_is_guessed_from_the_address(url, kind):
    reading = read(f"id,lon,lat,url\nA,117,-0.5,{url}\n")
    assert [camera.kind for camera in reading.cameras] == [kind], reading.refused


@pytest.mark.parametrize(("url", "words"), [("udp://:5000", "no host"), ("udp://10.0.0.7", "no port"),
                                            ("udp://10.0.0.7:53", "no port")])  # fmt: skip
def test_a_camera_that_sends_by_itself_needs_a_sender_and_a_port_for_users(url, words):
    (refused,) = read(f"id,lon,lat,url\nA,117,-0.5,{url}\n").refused
    assert refused.field == "url"
    assert words in refused.why
