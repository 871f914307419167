"""How the columns of single calls are called, and what stands in those of their status and direction."""

from __future__ import annotations

#: A duration of which it is not said what is in it.
SPAN = r"^(call )?(duration|dauer|durée|duración|süre|مدت)$"
#: Patterns on a heading's plain words, by role; of several columns the first pattern that fits wins.
ROLES: dict[str, tuple[str, ...]] = {
    "id": (
        r"^(contact|call|unique|linked|conversation|session|interaction|ticket|task|segment) ?(id|sid)$",
        r"^(uniqueid|callid|sid|id)$",
    ),
    "start": (
        r"enqueue|queued at|enter(ed)? queue|queue (enter|start|join)|queue time ?stamp|arriv",
        r"initiat|^(call |time )?start|creat|^call ?date|^call ?time$|^time ?stamp|^date ?time|receiv|^date$|^time$"
        r"|^begin|شروع|تاریخ",
    ),
    "answered_at": (
        r"connected to agent|answer(ed)? ?(time|at|time ?stamp)|^time answered$|^answer$|agent (connect|accept)"
        r"|accepted at|pick ?up",
    ),
    "end": (r"disconnect|hang ?up|^(call |time )?end|ended|finish|closed at|پایان",),
    "clock": (r"^(call |start )?time$|^uhrzeit$|^hora$|^heure$|^saat$|^ساعت$|^زمان$",),
    "queue": (
        r"queue (info )?name|^queue$|^queuename$|skill name|^skill$|csq|ring group|^task queue",
        r"^group$|^call group|^campaign( name)?$",
        r"queue(?!.*(time|duration|stamp|id|wait|position))|^split|^dst$|^destination$|^department$|^service$"
        r"|^to (disp ?|display ?)?name$|صف|destination",
    ),
    "wait": (
        r"queue (info )?duration|queue (wait|time)$|wait|time in queue|^in ?queue|hold ?time in queue|speed|انتظار",
        r"^ring(ing)?( time)?$",
    ),
    "handle": (r"handl(e|ing)|total call time|^agent time$",),
    "talk": (r"talk|interaction duration|billsec|conversation (time|duration)|^talking|مکالمه", SPAN),
    "hold": (r"hold duration|hold ?time|customer hold|time on hold",),
    "wrap": (r"after (contact|call) ?work|acw|wrap ?up (time|duration)|^wrap",),
    "lost": (r"^(is )?(abandon|abandoned|lost|missed)$",),
    "status": (r"status|outcome|result|^state$|completion|^answered$|وضعیت", r"disposition"),
    "direction": (r"direction|initiation method|^call type$|call direction|^type$|نوع",),
    "kind": (r"^(to|destination) ?type$",),
    "updated": (r"last ?update|updated|modified",),
}
#: Columns of yes and no, told by their cells.
FLAGS = ("lost",)
MOMENTS = ("start", "answered_at", "end", "updated")
DURATIONS = ("wait", "handle", "talk", "hold", "wrap")
LOST = (
    r"(?i)abandon|no ?answer|unanswered|missed|lost|hang ?up|busy|fail|cancel|not answered|^no$|^false$"
    r"|perdid|no contest|verpasst|verloren|perdu|manqu|cevaps[iı]z|kaçan|از دست|بی ?پاسخ"
)
TAKEN = (
    r"(?i)answer|complete|handled|connected|served|success|resolved|accepted|^yes$|^true$|terminad|atendid|contestad"
    r"|angenommen|beantwortet|répondu|traité|cevapland|پاسخ"
)
YES_NO = r"(?i)^(?:y|n|yes|no|true|false|0|1|ja|nein|oui|non|sí|si|evet|hayır|بله|خیر)$"
YES = r"(?i)^(?:y|yes|true|1|ja|oui|sí|si|evet|بله)$"
#: Of the kinds of places that calls go to, those that they wait in.
WAITED_IN = r"(?i)queue|ring ?group|hunt|skill|split"
ELSEWHERE = r"(?i)transfer|overflow|voice ?mail|callback|timeout"
NOT_OFFERED = r"(?i)out ?bound|out ?going|internal|dial|\bapi\b|agent ?reply|disconnect|external"
#: Events of a queue's log.
EVENTS = frozenset(("ENTERQUEUE", "CONNECT", "ABANDON", "COMPLETEAGENT", "COMPLETECALLER", "RINGNOANSWER"))
