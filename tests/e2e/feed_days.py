"""What public agencies say today, for a server that plays them: the shapes of the real services, times of now."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def autogempa() -> bytes:
    """BMKG: the newest earthquake, near Samarinda and felt there."""
    at = _now() - timedelta(minutes=3)
    said = {
        "DateTime": at.isoformat(), "Jam": "18:10:30 WIB", "Coordinates": "-0.62,117.38", "Lintang": "0.62 LS",
        "Bujur": "117.38 BT", "Magnitude": "5.1", "Kedalaman": "10 km", "Wilayah": "28 km Tenggara Samarinda",
        "Potensi": "Tidak berpotensi tsunami", "Dirasakan": "III-IV Samarinda, III Tenggarong",
    }  # fmt: skip
    return json.dumps({"Infogempa": {"gempa": said}}).encode()


def nowcast_list(link: str) -> bytes:
    """BMKG: the list of warnings, RSS with links."""
    item = f"<item><title>Hujan Lebat di Kalimantan Timur</title><link>{link}</link></item>"
    return f'<rss version="2.0"><channel><title>BMKG</title>{item}</channel></rss>'.encode()


def nowcast() -> bytes:
    """BMKG: a CAP warning with a polygon over the middle of Samarinda."""
    now = _now()
    return f"""<?xml version="1.0" ?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>2.49.0.1.360.0.{now:%Y.%m.%d}</identifier>
<sender>cuaca.ekstrem@bmkg.go.id</sender><sent>{(now - timedelta(minutes=2)).isoformat()}</sent><status>Actual</status>
<msgType>Alert</msgType><scope>Public</scope><info><language>id</language><category>Met</category>
<event>Hujan Lebat dan Petir</event><urgency>Immediate</urgency><severity>Severe</severity>
<certainty>Observed</certainty><effective>{(now - timedelta(minutes=1)).isoformat()}</effective>
<expires>{(now + timedelta(hours=3)).isoformat()}</expires>
<senderName>Badan Meteorologi Klimatologi dan Geofisika</senderName>
<headline>Hujan Lebat disertai Petir di Samarinda</headline><area><areaDesc>Kalimantan Timur</areaDesc>
<polygon>-0.450,117.110 -0.455,117.170 -0.500,117.185 -0.520,117.140 -0.490,117.105 -0.450,117.110</polygon>
</area></info></alert>""".encode()


def reports() -> bytes:
    """PetaBencana: a confirmed report of a flood."""
    said = {
        "pkey": "71001", "created_at": (_now() - timedelta(minutes=9)).isoformat(), "source": "telegram",
        "status": "confirmed", "disaster_type": "flood", "report_data": {"report_type": "flood", "flood_depth": 40},
    }  # fmt: skip
    point = {"type": "Point", "coordinates": [117.148, -0.478]}
    feature = {"type": "Feature", "geometry": point, "properties": said}
    return json.dumps({"statusCode": 200, "result": {"type": "FeatureCollection", "features": [feature]}}).encode()


def stations() -> bytes:
    """KLH: two stations, one of them far away."""
    at = f"{(_now() - timedelta(minutes=30)).astimezone(ZoneInfo('Asia/Makassar')):%Y-%m-%d %H:%M:%S}"
    rows = [
        {"id_stasiun": name, "waktu": at, "lat": lat, "lon": lon, "val": val, "param": "PM<sub>2.5</sub>",
         "nama": name.title(), "provinsi": "Kalimantan Timur", "time_z": "WITA", "is_maintenance": "0"}
        for name, lat, lon, val in (("SAMARINDA KOTA", "-0.497", "117.137", "78"), ("BERAU", "2.15", "117.49", "31"))
    ]  # fmt: skip
    return json.dumps({"rows": rows, "status": {}, "total": 2}).encode()


def forecast() -> bytes:
    """BMKG: the weather of Pasar Pagi."""
    now = _now()
    begins = now.replace(hour=now.hour - now.hour % 3, minute=0, second=0)
    slots = [
        {"datetime": f"{begins + timedelta(hours=3 * n):%Y-%m-%dT%H:%M:%SZ}", "t": 29 - n, "hu": 84, "tp": 4.2,
         "weather_desc": "Hujan Petir", "ws": 9.0, "wd_deg": 225, "analysis_date": f"{begins:%Y-%m-%dT%H:%M:%S}"}
        for n in range(4)
    ]  # fmt: skip
    where = {"adm4": "64.72.09.1003", "desa": "Pasar Pagi", "timezone": "Asia/Makassar"}
    return json.dumps({"lokasi": where, "data": [{"lokasi": where, "cuaca": [slots]}]}).encode()


def tides() -> bytes:
    """BMKG: the levels of the coming hours at a station, in local time."""
    local = _now().astimezone(ZoneInfo("Asia/Makassar")).replace(minute=0, second=0)
    rows = [
        {"est": "2.4", "msl": f"{level:.3f}", "lt": "1.1", "t": f"{local + timedelta(hours=hour):%Y-%m-%dT%H:%M:%S}"}
        for hour, level in ((1, -0.2), (4, 1.12), (8, 0.3))
    ]
    return json.dumps(rows).encode()


def news() -> bytes:
    """A department's GeoRSS: one street under water."""
    at = f"{_now() - timedelta(minutes=7):%a, %d %b %Y %H:%M:%S} +0000"
    place = "<georss:point>-0.4620 117.1800</georss:point>"
    item = f"<item><title>Jalan tergenang</title><guid>pupr-1</guid><pubDate>{at}</pubDate>{place}</item>"
    return (
        '<rss version="2.0" xmlns:georss="http://www.georss.org/georss">'
        f"<channel><title>Dinas PUPR</title>{item}</channel></rss>"
    ).encode()
