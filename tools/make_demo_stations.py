"""Makes the demo stations in content/stations from the towns and landmarks in content/places.csv.

Every station is invented; only the places they stand at are real. The same input gives the same files,
byte for byte: all chance comes from `random.Random.random()` with a fixed seed, which Python keeps stable.

    python tools/make_demo_stations.py [FOLDER]      writes FOLDER/*.csv, content/stations by default
"""

import csv
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, radians
from pathlib import Path
from typing import TypeVar

CONTENT = Path(__file__).resolve().parent.parent / "content"
COLUMNS = (
    "id",
    "name",
    "name_en",
    "kind",
    "lat",
    "lon",
    "address",
    "district",
    "services",
    "opening_hours",
    "phone",
    "note",
    "confirmed",
)
METRES_PER_DEGREE = 111_195  # one degree of a great circle on the mean earth radius
LAST_CONFIRMED = date(2026, 11, 20)
LABEL = "演示数据"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """A real town, quarter, road or landmark around which demo stations are put."""

    name: str
    name_en: str
    kind: str
    district: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Region:
    """One demo file: whose stations, what they are called there, how many of each kind."""

    file: str
    prefix: str
    title: str
    station_name: str
    area_code: str
    kinds: tuple[tuple[str, int], ...]


REGIONS = (
    Region(
        "ganzhou",
        "gz",
        "赣州",
        "虔新驿站",
        "0797",
        (
            ("party_centre", 19),
            ("station", 420),
            ("drivers_home", 26),
            ("union_station", 84),
            ("friendly_merchant", 76),
            ("friendly_parking", 40),
            ("pharmacy", 32),
            ("budget_meal", 23),
        ),
    ),
    # One centre, six stations and sixty smaller points, as the district counts them.
    Region(
        "banan",
        "bn",
        "巴南",
        "小哥驿站",
        "023",
        (
            ("party_centre", 1),
            ("station", 6),
            ("drivers_home", 5),
            ("union_station", 17),
            ("friendly_merchant", 18),
            ("friendly_parking", 8),
            ("pharmacy", 7),
            ("budget_meal", 5),
        ),
    ),
    Region(
        "wutongqiao",
        "wtq",
        "五通桥",
        "暖新驿站",
        "0833",
        (
            ("party_centre", 1),
            ("station", 24),
            ("drivers_home", 2),
            ("union_station", 4),
            ("friendly_merchant", 3),
            ("friendly_parking", 2),
            ("pharmacy", 1),
            ("budget_meal", 1),
        ),
    ),
)

# How many stations a place draws, and how far from its middle they may stand (metres).
DRAW = {"city": 4, "district": 6, "county": 9, "town": 2, "quarter": 5, "road": 5}
DRAW_ELSEWHERE = 3
REACH = {"city": 1500, "district": 1200, "county": 1600, "town": 800, "quarter": 900, "road": 700}
REACH_ELSEWHERE = 350

# Where a station is a guest: Chinese, English.
HOSTS = (
    ("邮政网点", "Post Office"),
    ("社区中心", "Community Centre"),
    ("农贸市场", "Market"),
    ("加油站", "Petrol Station"),
    ("快递网点", "Parcel Depot"),
    ("商业街", "Shopping Street"),
    ("文化广场", "Culture Square"),
    ("卫生院", "Clinic"),
    ("银行网点", "Bank"),
    ("物业中心", "Estate Office"),
    ("公园北门", "Park North Gate"),
    ("便民超市", "Supermarket"),
    ("停车场", "Car Park"),
    ("公交首末站", "Bus Terminus"),
    ("营业厅", "Phone Shop"),
    ("快递柜", "Parcel Locker"),
)
SHOPS = (
    ("米粉店", "Noodle Shop"),
    ("包子铺", "Bun Shop"),
    ("水果店", "Fruit Shop"),
    ("修车铺", "Bike Repair"),
    ("便利店", "Corner Shop"),
    ("小炒店", "Wok Kitchen"),
    ("奶茶店", "Tea Shop"),
    ("理发店", "Barber"),
)
DRUGSTORES = (
    ("惠民药房", "Huimin Pharmacy"),
    ("康宁药店", "Kangning Pharmacy"),
    ("百草药房", "Baicao Pharmacy"),
)
CANTEENS = (("8元爱心餐", "8-Yuan Meal"), ("社区食堂", "Community Canteen"), ("骑手餐", "Rider Meal"))

# Services each kind always has, and those it may have.
ALWAYS = {
    "station": "water rest",
    "party_centre": "water rest heat_meal phone_charge toilet reading",
    "drivers_home": "water rest toilet parking",
    "union_station": "water rest medicine",
    "friendly_merchant": "water",
    "friendly_parking": "parking",
    "pharmacy": "medicine",
    "budget_meal": "water rest",
}
OFTEN = {
    "station": (
        "heat_meal phone_charge phone_charge warm cool toilet medicine reading rain_shelter battery_swap"
    ),
    "party_centre": "warm cool medicine rain_shelter parking shower",
    "drivers_home": "shower shower heat_meal phone_charge medicine cool warm",
    "union_station": "heat_meal phone_charge cool warm toilet reading rain_shelter",
    "friendly_merchant": "phone_charge rest heat_meal rain_shelter toilet",
    "friendly_parking": "battery_swap rain_shelter toilet",
    "pharmacy": "water rest rain_shelter",
    "budget_meal": "heat_meal phone_charge toilet cool",
}
SERVICE_ORDER = (
    "water rest heat_meal phone_charge battery_swap warm cool toilet medicine reading shower parking "
    "rain_shelter"
)

HOURS = {
    "station": (
        "Mo-Su 08:00-22:00",
        "Mo-Su 07:30-21:30",
        "24/7",
        "24/7",
        "Mo-Su 09:00-20:00",
        "Mo-Su 06:30-23:00",
        "Mo-Fr 08:30-18:00; Sa 09:00-17:00; PH off",
        "Mo-Su 08:00-12:00,14:00-20:00",
    ),
    "party_centre": ("Mo-Su 08:30-21:00", "Mo-Fr 08:30-18:00; Sa-Su 09:00-17:00; PH off"),
    "drivers_home": ("24/7", "Mo-Su 06:00-24:00", "Mo-Su 18:00-08:00"),
    "union_station": (
        "Mo-Su 08:00-20:00",
        "24/7",
        "Mo-Fr 08:00-18:00; PH off",
        "Mo-Su 08:00-12:00,14:30-18:30",
    ),
    "friendly_merchant": ("Mo-Su 07:00-22:00", "Mo-Su 10:00-14:00,16:30-23:30", "Mo-Su 17:00-02:00"),
    "friendly_parking": ("24/7", "Mo-Su 06:00-23:00"),
    "pharmacy": ("Mo-Su 08:00-21:30", "24/7", "Mo-Su 08:30-12:30,14:00-20:30"),
    "budget_meal": ("Mo-Su 10:30-14:00,16:30-20:00", "Mo-Sa 06:30-09:00,11:00-13:30; PH off"),
}
NOTES = (
    "",
    "",
    "",
    "从侧门进。",
    "二楼，门口有蓝色牌子。",
    "骑手头盔可以放在门口架子上。",
    "饭点人多，微波炉有两台。",
    "晚上按门铃。",
    "药箱在前台，里面有创可贴和藿香正气水。",
    "电动车停在门口白线内。",
    "充电线自带更方便。",
)


class Chance:
    """Seeded choices that depend on nothing but the stable `random.Random.random()`."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed).random  # noqa: S311 - demo data, no secret

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, each as likely as the others."""
        return options[int(self._random() * len(options))]

    def below(self, bound: int) -> int:
        """A whole number from 0 up to, not including, `bound`."""
        return int(self._random() * bound)

    def likely(self, probability: float) -> bool:
        """True with the given probability."""
        return self._random() < probability

    def around(self, reach: float) -> float:
        """A bell-shaped offset within ± `reach`: three uniform numbers added."""
        return (self._random() + self._random() + self._random() - 1.5) / 1.5 * reach


def read_places(path: Path) -> dict[str, list[Place]]:
    """The places of `path`, by region."""
    regions: dict[str, list[Place]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            place = Place(
                row["name"],
                row["name_en"],
                row["kind"],
                row["district"],
                float(row["lat"]),
                float(row["lon"]),
            )
            regions.setdefault(row["region"], []).append(place)
    return regions


def rows(region: Region, places: Sequence[Place]) -> Iterator[dict[str, str]]:
    """The stations of one region, in the order of their numbers."""
    chance = Chance(region.file)
    own = [place for place in places if place.name != "乐山"]
    turns = [place for place in own for _ in range(DRAW.get(place.kind, DRAW_ELSEWHERE))]
    seats = [place for place in own if place.kind in {"district", "county"}] or own
    used: Counter[str] = Counter()
    number = 0
    for kind, count in region.kinds:
        for turn in range(count):
            number += 1
            # Every seat gets its centre and every place a station; the rest falls by chance.
            if kind == "party_centre":
                place = seats[turn % len(seats)]
            elif turn < len(own) and kind == "station":
                place = own[turn]
            else:
                place = chance.pick(turns)
            yield station(chance, region, number, kind, place, used)


def station(
    chance: Chance, region: Region, number: int, kind: str, place: Place, used: Counter[str]
) -> dict[str, str]:
    """One invented station near `place`."""
    name, name_en = unused(used, lambda: names(chance, region, kind, place))
    lat, lon = spot(chance, place)
    hours = chance.pick(HOURS[kind])
    note = LABEL + ("。" + text if (text := chance.pick(NOTES)) else "")
    return {
        "id": f"{region.prefix}{number:03d}",
        "name": name,
        "name_en": name_en,
        "kind": kind,
        "lat": f"{lat:.6f}",
        "lon": f"{lon:.6f}",
        "address": address(place, chance.below(180) + 1),
        "district": place.district,
        "services": ";".join(services(chance, kind)),
        "opening_hours": hours,
        "phone": f"{region.area_code}-000-{number:04d}" if chance.likely(0.7) else "",
        "note": note,
        "confirmed": (LAST_CONFIRMED - timedelta(days=chance.below(45))).isoformat(),
    }


def unused(used: Counter[str], draw: Callable[[], tuple[str, str]]) -> tuple[str, str]:
    """A name nobody has yet; after a few tries the next one is numbered."""
    for _ in range(20):
        name, name_en = draw()
        if not used[name]:
            used[name] += 1
            return name, name_en
    used[name] += 1
    return f"{name}{used[name]}号点", f"{name_en} {used[name]}"


def names(chance: Chance, region: Region, kind: str, place: Place) -> tuple[str, str]:
    """The Chinese and the English name of a station of this kind at this place."""
    if kind == "party_centre":
        return f"{place.name}新就业群体党群服务中心", f"{place.name_en} Party-Service Centre"
    if kind == "drivers_home":
        return f"{place.name}司机之家", f"{place.name_en} Drivers’ Home"
    if kind == "friendly_parking":
        return f"{place.name}友好车位", f"{place.name_en} Friendly Parking"
    if kind == "friendly_merchant":
        shop, shop_en = chance.pick(SHOPS)
        return f"{place.name}{shop}", f"{place.name_en} {shop_en}"
    if kind == "pharmacy":
        shop, shop_en = chance.pick(DRUGSTORES)
        return f"{place.name}{shop}", f"{place.name_en} {shop_en}"
    if kind == "budget_meal":
        shop, shop_en = chance.pick(CANTEENS)
        return f"{place.name}{shop}", f"{place.name_en} {shop_en}"
    suffix, suffix_en = (
        ("工会驿站", "Union Rider Station")
        if kind == "union_station"
        else (region.station_name, "Rider Station")
    )
    if chance.likely(0.2):
        return f"{place.name}{suffix}", f"{place.name_en} {suffix_en}"
    host, host_en = chance.pick(HOSTS)
    return f"{place.name}{host}{suffix}", f"{place.name_en} {host_en} {suffix_en}"


def address(place: Place, number: int) -> str:
    """An invented address: the district, the place and a house number."""
    if place.kind in {"city", "district", "county"}:
        return f"{place.district}中心路{number}号"
    # Some landmarks already carry the district in their name.
    district = "" if place.name.startswith(place.district) else place.district
    return f"{district}{place.name}{number}号"


def spot(chance: Chance, place: Place) -> tuple[float, float]:
    """A point near the place, nearer more likely than farther (degrees)."""
    reach = REACH.get(place.kind, REACH_ELSEWHERE)
    lat = place.lat + chance.around(reach) / METRES_PER_DEGREE
    lon = place.lon + chance.around(reach) / METRES_PER_DEGREE / cos(radians(place.lat))
    return lat, lon


def services(chance: Chance, kind: str) -> list[str]:
    """The services of one station, in the order of content/services.yaml. Listed twice is twice as likely."""
    own = {*ALWAYS[kind].split(), *(service for service in OFTEN[kind].split() if chance.likely(0.5))}
    return [service for service in SERVICE_ORDER.split() if service in own]


def make(folder: Path, places: Path = CONTENT / "places.csv") -> None:
    """Writes one CSV file for each region into `folder`."""
    by_region = read_places(places)
    for region in REGIONS:
        with (folder / f"{region.file}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows(region, by_region[region.title]))


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else CONTENT / "stations")
