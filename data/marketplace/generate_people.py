"""Makes the people of the marketplace example: ``python data/marketplace/generate_people.py [FOLDER]``.

Names are made up from common first and last names; any likeness is chance. The same agents.csv every time.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

FIRST_NAMES = """
Abbas Afsaneh Ali Amir Anahita Arash Arezoo Armin Atefeh Azadeh Babak Bahar Bahram Behnaz Bijan Dariush Delaram
Ehsan Elham Elnaz Farhad Farid Farzaneh Fatemeh Ghazal Giti Hadi Hamid Hanieh Hessam Homa Iman Jamshid Kamran Kaveh
Keyvan Khosrow Ladan Laleh Leila Mahdi Mahnaz Mahsa Maryam Masoud Mehdi Mehrdad Mina Mitra Mohsen Mojgan Mona Morteza
Nader Narges Nasim Navid Nazanin Negar Niloofar Omid Parisa Parviz Payam Pouya Ramin Reza Roya Saeed Sahar Samira
Sara Setareh Shahin Shirin Siamak Sina Soheila Taraneh Yasaman
""".split()
LAST_NAMES = """
Abdi Afshar Ahmadi Akbari Alavi Amini Ansari Asadi Azizi Bagheri Bahrami Daneshvar Davoodi Ebrahimi Eskandari Farahani
Fazeli Ghasemi Golzar Habibi Hashemi Heidari Hosseini Jafari Jalali Kamali Karimi Kazemi Khalili Khosravi Mahmoudi
Maleki Mansouri Moradi Mousavi Naderi Najafi Nikfar Parsa Rahimi Rezaei Rostami Sadeghi Salehi Shafiei Sharifi
Soltani Taheri Tavakoli Zamani
""".split()
DAYS = ("saturday", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday")
CONTRACTS = {"full-time-44": 41, "night-40": 12, "part-30": 14, "home-24": 13}
SKILLS = {
    "full-time-44": ("voice", "voice;chat", "voice", "voice;email", "chat;email", "voice", "voice;chat;email"),
    "night-40": ("voice;chat", "voice;chat;email", "voice"),
    "part-30": ("voice", "chat", "voice;chat", "voice", "email"),
    "home-24": ("chat", "voice", "chat;email", "voice;chat"),
}
TEAMS = {
    "full-time-44": ("Damavand", "Alvand", "Zagros"),
    "night-40": ("Night",),
    "part-30": ("Alborz",),
    "home-24": ("Home",),
}
TIME_OFF = {4: "2026-11-25", 11: "2026-11-21", 19: "2026-11-19..2026-11-27", 27: "2026-11-23", 38: "2026-11-26",
            46: "2026-11-24", 58: "2026-11-22", 66: "2026-12-05..2026-12-08", 73: "2026-11-27"}  # fmt: skip


def availability(contract: str, k: int) -> tuple[str, str, str]:
    """(days, earliest, latest) of the k-th agent of a contract."""
    if contract == "home-24":
        return (";".join(DAYS), "17:00", "") if k % 3 == 0 else (";".join(DAYS), "", "")
    if contract == "part-30":
        return (";".join(DAYS[:6]), "", "15:00") if k % 4 == 1 else (";".join(DAYS), "", "")
    if contract == "full-time-44":
        if k % 14 == 3:
            return ";".join(DAYS), "", "17:00"
        return (";".join(DAYS[:6]) if k % 3 == 0 else ";".join(DAYS)), "", ""
    return ";".join(DAYS), "", ""


def wishes(contract: str, k: int) -> tuple[str, str]:
    """(prefers, avoids) of the k-th agent of a contract."""
    if contract == "full-time-44":
        return ("day-8h" if k % 2 else "", "friday" if k % 4 == 1 else ("evening-8h" if k % 4 == 3 else ""))
    return "", "friday" if k % 5 == 2 else ""


def rows() -> list[tuple[str, ...]]:
    contracts = [(contract, k) for contract, count in CONTRACTS.items() for k in range(count)]
    people = []
    for i, (contract, k) in enumerate(contracts):
        name = f"{FIRST_NAMES[i * 29 % len(FIRST_NAMES)]} {LAST_NAMES[i * 17 % len(LAST_NAMES)]}"
        team = TEAMS[contract][k % len(TEAMS[contract])]
        skills = SKILLS[contract][k % len(SKILLS[contract])]
        senior = "true" if k % 7 == 0 else "false"
        days, earliest, latest = availability(contract, k)
        prefers, avoids = wishes(contract, k)
        people.append(
            (name, team, contract, skills, days, earliest, latest, TIME_OFF.get(i, ""), prefers, avoids, senior)
        )
    return people


def main(target: Path) -> None:
    header = "agent team contract skills days earliest latest time_off prefers avoids senior".split()
    with (target / "agents.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows()])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
