"""The words of headings in seven languages, by what they mean; headings are read word by word, not by vendor."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

#: A heading's words, by concept. Persian and Arabic as call-centre software there writes them.
WORDS: dict[str, str] = {
    "offered": "offered|offer|presented|queued|entered|arrived|incoming|received|inbound|inbounds|offers|arrivals|nco"
    "|angeboten|angebotene|eingegangen|eingegangene|eingehend|eingehende|ankommend|ankommende|presentes|recus|offerts"
    "|entrants|presentees|recues|ofrecidas|recibidas|entrantes|gelen|sunulan|alinan|ورودی|دریافتی|وارده|رسیده"
    "|الواردة|المعروضة|المستلمة|callsoffered|acceptable calls|into queue",
    "answered": "answered|answer|handled|accepted|served|connected|taken|completed|acd calls handled|beantwortet"
    "|beantwortete|angenommen|angenommene|bearbeitet|bearbeitete|traites|repondus|decroches|traitees|repondues"
    "|atendidas|contestadas|respondidas|cevaplanan|yanitlanan|karsilanan|پاسخ|پاسخگویی|پاسخ داده|جواب داده|مجاب"
    "|المجابة|المردود|تم الرد|acdcalls handled|resolved",
    "abandoned": "abandoned|abandon|abandons|aband|aban|abandonments|lost|missed|unanswered|abncalls|abntime|hangups"
    "|not answered"
    "|abgebrochen|abgebrochene|aufgelegt|verloren|verlorene|verpasst|abandonnes|perdus|abandonnees|abandonadas|perdidas"
    "|terk|kacan|cevapsiz|terk edilen|از دست رفته|بی پاسخ|بدون پاسخ|رها شده|پاسخ داده نشده|المتروكة|الفائتة|المفقودة",
    "calls": "calls|call|contacts|contact|volume|interactions|interaction|conversations|chats|tickets|emails|cases"
    "|acdcalls|anrufe|anruf|kontakte|gesprache|volumen|appels|appel|contacts|llamadas|contactos|cagri|cagrilar|arama"
    "|aramalar|تماس|تماسها|تماس ها|مکالمه|مکالمات|مكالمات|المكالمات|مکالمه ها|الاتصالات|اتصالات|اتصال"
    "|number of calls|n calls"
    "|messages|requests|actual|ist|gerceklesen|واقعی",
    "outbound": "outbound|outgoing|ausgehend|ausgehende|sortants|salientes|giden|خروجی|الصادرة|out|dialed"
    "|dialled|callback"
    "|callbacks|transferred|transfers|transfer|overflow|forwarded|conferenced|internal|consult|flow|flowed|dequeued",
    "within": "within|threshold|service level|sl|sla|target|under|less|below|innerhalb|rate|quote|taux|tasa|oran|orani"
    "|percent|percentage|pct|ratio|servicelevel|سطح|درصد|نسبة|نرخ|max|maximum|longest|minimum|lowest|highest|longst"
    "|unique|first contact|fcr|occupancy|utilization|forecast|forecasted|predicted|prognose|budget|plan|yhat|deviation"
    "|پیش بینی|adherence|error|soll|last year|previous|prior|last week|vorjahr|vorwoche|annee derniere|ano anterior"
    "|gecen yil|سال گذشته|سال قبل|change|delta|median|percentile|perzentil|p 90|p 95|cumulative"
    "|kumuliert|running total|تجمعی",
    "average": "average|avg|mean|durchschnitt|durchschnittliche|mittlere|moyen|moyenne|medio|media de|promedio|ortalama"
    "|میانگین|متوسط|average of|per call|per contact|speed",
    "total": "total|sum|totals|gesamt|gesamte|summe|gesamtdauer|somme|totale|suma|toplam|جمع|مجموع|کل|اجمالی"
    "|إجمالي|کلی",
    "handle": "handle|handling|handletime|aht|dmt|tmo|bearbeitungszeit|bearbeitungsdauer|bearbeitung"
    "|traitement|operacion"
    "|operativo|gestion|islem|رسیدگی|پاسخگویی به تماس|مکالمه|المعالجة|التعامل|معالجة|handled time",
    "talk": "talk|talktime|acdtime|gesprachszeit|gesprachsdauer|conversation time|conversacion|gorusme"
    "|konusma|گفتگو|مکالمه"
    "|المحادثة|billsec|talking|acd time|agent interaction|interaction",
    "hold": "hold|holdtime|haltezeit|attente en ligne|retencion|bekletme|نگهداری|الانتظار اثناء",
    "wrap": "acw|wrap|wrapup|wrap up|after call|after contact|acwtime|nachbearbeitung|nachbearbeitungszeit|post appel"
    "|post llamada|cagri sonrasi|پس از تماس|بعد المكالمة|work",
    "wait": "wait|abntime|waiting|waited|waittime|time in queue|queue time|in queue|wartezeit|wartedauer|attente|espera"
    "|bekleme|انتظار|الانتظار|queuetime|queue wait|queue duration|hold in queue",
    "asa": "asa|anstime|speed of answer|speed ans|speed answer|speed to answer|answer speed|time to answer|antwortzeit",
    "time": "time|duration|zeit|dauer|temps|duree|tiempo|duracion|sure|suresi|زمان|مدت|وقت|مدة|زمن|secs|aht|dmt|tmo|asa"
    "|bearbeitungszeit|gesprachszeit|wartezeit|wartedauer|gesprachsdauer|bearbeitungsdauer|haltezeit|handletime|talktime"
    "|waittime|acdtime|acwtime|holdtime|nachbearbeitungszeit|queuetime|billsec|antwortzeit|anstime|abntime",
    "start": "start|begin|beginning|from|von|beginn|debut|inicio|desde|baslangic|شروع|بداية|آغاز|startdate|starttime"
    "|startinterval|intervalstart|since|anfang",
    "end": "end|ending|to|until|bis|ende|fin|hasta|bitis|پایان|نهاية|تا|enddate|endtime|endinterval|stop|finish",
    "date": "date|day|datum|tag|jour|fecha|dia|tarih|gun|تاریخ|روز|التاريخ|اليوم|تاريخ|startdate|ds|dates|days|workday",
    "clock": "time|hour|uhrzeit|zeit|heure|hora|saat|stunde|زمان|ساعت|الوقت|الساعة|وقت|starttime|hours"
    "|half hour|halfhour"
    "|time of day|intervalltime|zaman",
    "stamp": "timestamp|datetime|date time|zeitstempel|horodatage|datetime start|ds|zeitpunkt|time stamp"
    "|marca de tiempo",
    "interval": "interval|intervall|intervalle|intervalo|aralik|zaman araligi|period|slot|zeitraum|بازه|فترة|periode"
    "|الفترة|بازه زمانی|startinterval|periodo|quarter hour|halb stunde|halbstunde|bucket",
    "queue": "queue|queues|skill|skills|split|vdn|csq|warteschlange|cola|colas|fila|kuyruk|صف|صفها|الطابور|طابور"
    "|قائمة الانتظار|queuename|skillname|split skill|contact service queue|queue skill|file d attente|workgroup"
    "|hunt group|huntgroup|ring group|call type|anrufgruppe|hotline|service queue|gruppe|contact group",
    "name": "name|nom|nombre|isim|adi|ad|نام|اسم|title|label|bezeichnung",
    "id": "id|number|no|nr|key|code|kennung|شماره|رقم|uuid|identifier|kimlik",
    "agents": "agents|agent|staff|advisors|operators|positions|fte|headcount|mitarbeiter|agenten|agentes|temsilci"
    "|کارشناس|کارشناسان|الموظفين",
    "scheduled": "scheduled|rostered|geplant|planifies|programados|planlanan|برنامه ریزی شده",
    "present": "present|staffed|anwesend|presents|presentes|mevcut|حاضر|logged in",
    "off": "planned off|planned absence|planned absences|agents planned off",
    "seconds": "seconds|second|secs|sec|sekunden|sek|secondes|segundos|seg|saniye|sn|ثانیه|ثانية|ثواني|s",
    "ms": "ms|milliseconds|millisecond|millis|msec|millisekunden|milisegundos",
    "minutes": "minutes|minute|mins|minuten|minutos|dakika|dk|دقیقه|دقيقة|دقائق|min",
    "hours": "hours|hrs|hr|std|stunden|heures|horas|h",
    "utc": "utc|gmt|zulu",
    "media": "media|channel|direction|language|skill set|skillset|wrap up code|type|complete|filters|kanal",
    "money": "cost|charge|price|fee|billed|bill|kosten|preis|cout|prix|costo|precio|maliyet|ucret|هزینه|قیمت|تكلفة",
    "key": "y",
    "month": "month|months|monat|mois|mes|ay|ماه|الشهر",
    "year": "year|jahr|annee|ano|yil|سال|السنه",
    "ds": "ds",
}
ARABIC_LETTERS = str.maketrans(
    {"ي": "ی", "ك": "ک", "ة": "ه", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ی", "ۀ": "ه", "ؤ": "و"}
)
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u061c\u0640]")
HALF_SPACES = re.compile("[\u200c\u200d\xa0\u202f\u2009]")


@cache
def plain(text: str) -> str:
    """A heading without case, marks, accents and doubled spaces; joined words are parted: AvgHandleTime."""
    text = UNSEEN.sub("", HALF_SPACES.sub(" ", text[:2_000])).translate(ARABIC_LETTERS)
    text = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})|(?<=\D)(?=\d)|(?<=\d)(?=\D)", " ", text)
    text = unicodedata.normalize("NFKD", text.replace("%", " percent ").replace("#", " number ")).casefold()
    text = "".join(ch for ch in text if not unicodedata.combining(ch)).replace("ı", "i")
    return " ".join(re.sub(r"[^\w]+|_", " ", text).split())


@cache
def _pattern(concept: str) -> re.Pattern[str]:
    phrases = sorted({plain(word) for word in WORDS[concept].split("|")}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases))})(?!\w)")


@cache
def concepts(text: str) -> frozenset[str]:
    """What the words of a heading mean."""
    words = plain(text)
    return frozenset(concept for concept in WORDS if _pattern(concept).search(words)) if words else frozenset()


@cache
def own_words(text: str) -> str:
    """A heading without the words that have a meaning here: 'Sales' of 'Sales calls offered'."""
    words = plain(text)
    for concept in WORDS:
        words = _pattern(concept).sub(" ", words)
    kept = set(words.split())
    return " ".join(word for word in text.replace("_", " ").split() if kept & set(plain(word).split()))
