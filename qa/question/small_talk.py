"""Recognise texts that ask nothing of the articles: greetings, thanks, laughter, "are you sure?", "tell me a joke".

A text is small talk only if all of it is made of such phrases. A greeting in front of a question is dropped, as is what
only asks for an answer to it: "هل تعرف متى …؟", "can you tell me who …?".
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from index.language.arabic import normalise
from index.language.tokens import compared, tokens

# A longer text is no small talk.
MAX_CHARS = 200


class Kind(Enum):
    """What a text that is no question about the articles does."""

    GREETING = "greeting"
    THANKS = "thanks"
    FAREWELL = "farewell"
    NOT_UNDERSTOOD = "not_understood"
    DOUBT = "doubt"
    WHO_ARE_YOU = "who_are_you"
    ASSENT = "assent"
    LAUGHTER = "laughter"
    CHAT = "chat"  # jokes, the time of day, feelings, and the news in general


# One phrase a line, as a regular expression over normalised words with single spaces and without punctuation.
_PHRASES = {
    Kind.GREETING: """
        (?:و ?)?(?:السلام|سلام) عليكم(?: و ?رحمة الله)?(?: و ?بركاته)?
        و ?عليكم السلام(?: و ?رحمة الله)?(?: و ?بركاته)?
        (?:مرحبا|مرحبتين)(?: بك| بكم)?
        (?:هاي|هلو|ألو|سلام)
        (?:حياك|حياكم) الله
        (?:أهلا|أهلين|هلا)(?: بك| بكم| والله| وسهلا| و سهلا)*
        تحية طيبة(?: وبعد)?
        (?:صباح|مساء) (?:الخير|النور|الورد|الفل)(?: عليكم| عليك)?
        (?:أسعد الله|سعدت) (?:صباحكم|صباحك|مساءكم|مساءك|أوقاتكم)
        (?:طاب|طابت) (?:يومك|يومكم|أوقاتكم|مساؤك|مساؤكم)
        كيف (?:حالك|حالكم|الحال|أنت|أنتم)(?: اليوم)?
        (?:كيفك|شلونك|شخبارك|إزيك|ازيك|عامل إيه)(?: اليوم)?
        (?:كل عام وأنتم بخير|رمضان كريم|عيد مبارك|عيدكم مبارك)
        (?:hello|hi|hey|hiya|greetings|howdy)(?: there| everyone| musnad)?
        good (?:morning|evening|afternoon|day)
        how are you(?: doing)?(?: today)?
        مسند
    """,
    Kind.THANKS: """
        ألف شكر(?: لك| لكم)?
        شكرا(?: جزيلا| كثيرا| جدا| لك| لكم)*(?: لمساعدتك| على (?:مساعدت|إجابت|جواب|رد)ك)?
        شكرا(?: جزيلا| كثيرا| جدا| لك| لكم)* على (?:المساعدة|الإجابة|الجواب|الرد|المعلومة|المعلومات)
        (?:أشكرك|أشكركم|نشكرك|نشكركم|مشكورة?|مشكورين|متشكرة?)(?: جدا| جزيلا| كثيرا| جزيل الشكر| على المساعدة)*
        (?:يسلموا?|تسلم)(?: إيدك| يدك| ايديك)?
        (?:جزيل الشكر|كل الشكر)(?: لك| لكم)?
        (?:جزاك|جزاكم) الله(?: كل)? خيرا?
        (?:بارك الله فيك|بارك الله فيكم|(?:الله )?يعطيك العافية|أحسنت|أحسنتم|ممتاز|رائع)
        (?:many )?thanks(?: a lot| so much| very much| again| for your help| for the answer)*
        (?:thank you|thankyou|thx|ty|cheers)(?: so much| very much| again| a lot| for your help| for the answer)*
        (?:much appreciated|i appreciate it|well done|great|excellent|perfect)
    """,
    Kind.FAREWELL: """
        (?:باي|مع السلامة|إلى اللقاء|وداعا|في أمان الله|تصبح على خير|تصبحون على خير|أراك لاحقا)
        (?:bye|goodbye|good bye|bye bye|see you|see you later|good night)
    """,
    Kind.NOT_UNDERSTOOD: """
        (?:أنا )?(?:لم|لا|ما) (?:أفهم|أفهمك|أفهم عليك|فهمت|فهمت عليك|نفهم)(?: شيئا| ذلك| هذا| جوابك| الجواب| قصدك)*
        (?:أنا )?(?:لم|لا|ما) (?:أفهم|فهمت|نفهم) (?:إجابتك|الإجابة|ما تقول|ما تقصد|ما تعني)
        (?:أنا )?(?:مش|مو|مب) (?:فاهم|فاهمة|واضح)(?: حاجة| شيء| شي| عليك)?
        (?:غير|ليس) (?:مفهوم|مفهوما|واضح|واضحا)
        (?:الجواب|هذا) (?:غير|ليس) (?:مفهوم|مفهوما|واضح|واضحا)
        (?:ماذا|ما الذي|ما|شو|ايش|وش) (?:تعني|تقصد|تقصده|قصدك|معنى كلامك)(?: بذلك| بهذا)?
        (?:ماذا|شو|ايش) يعني(?: هذا| ذلك)?
        (?:يعني|قصدك) (?:إيه|ايه|شو|ايش|ماذا)
        (?:أعد|أعيدي) (?:السؤال|الجواب|الإجابة|صياغة (?:السؤال|الجواب|الإجابة))
        (?:وضح|اشرح)(?: لي)?(?: أكثر| من فضلك| لو سمحت)*
        (?:i )?(?:do|did)(?:nt|n t| not) (?:understand|get it|get that)(?: that| this| you| your answer)?
        what do you mean(?: by that)?
        (?:sorry )?(?:pardon|come again|i m confused|im confused|please explain|that s unclear)
    """,
    Kind.DOUBT: """
        (?:و ?)?(?:هل )?(?:أنت|انتم|إنت) (?:متأكد(?:ة|ون)?|واثق|متيقن)(?: من (?:ذلك|هذا|جوابك|الجواب)| تماما)*
        (?:و ?)?(?:هل )?(?:أنت|إنت) (?:متأكدة?|واثق) من (?:صحة )?(?:ذلك|كلامك|إجابتك|الإجابة|(?:هذه )?المعلوم(?:ة|ات))
        (?:هل )?متأكد
        (?:و ?)?هل (?:هذا|ذلك|هذا الكلام|هذا الجواب|الجواب|جوابك|كلامك) (?:صحيح|مؤكد|دقيق|أكيد)(?: فعلا| حقا)?
        (?:و ?)?هل (?:(?:هذه )?(?:المعلومة|المعلومات|الإجابة)|إجابتك) (?:صحيحة|مؤكدة|دقيقة|أكيدة)(?: فعلا| حقا)?
        (?:حقا|فعلا|بجد|جد|أكيد|معقول|صحيح|متأكد من ذلك)
        (?:لا أصدق|لا أصدق ذلك|لا أصدقك|هذا غير صحيح)
        (?:هذا خطأ|جوابك خطأ|الجواب خطأ|أنت مخطئ)
        (?:are|r) (?:you|u) (?:really |quite |absolutely )?(?:sure|certain|serious)(?: about that| about this| of that)?
        (?:really|for real|seriously|sure)
        (?:is|was) (?:that|this|it) (?:really )?(?:true|right|correct|accurate)
        (?:that s|thats|that is|you re|you are|youre) (?:wrong|incorrect|not true|not right)
        i (?:don t|dont|do not) believe (?:you|that|it)
    """,
    Kind.WHO_ARE_YOU: """
        (?:و ?)?(?:من|مين) (?:أنت|أنتم|تكون|انتي)
        (?:أنت|انتي|إنت) (?:مين|من)
        (?:ما|شو|ايش|وش) (?:اسمك|هو اسمك)
        (?:شو|ايش|إيه) اسمك|اسمك (?:إيه|ايه|شو|ايش)
        (?:ما|ماذا) (?:أنت|هو مسند|هذا الموقع|هذا البرنامج|هذا التطبيق|هذا)
        ما (?:هي |هو )?(?:وظيفتك|عملك|دورك|قدراتك|إمكانياتك|مهمتك|مصدرك|مصادرك|مصدر معلوماتك|مصادر معلوماتك)
        (?:ماذا|بماذا|كيف) (?:تستطيع|يمكنك|تفعل|تقدر|تعرف|تعمل)(?: أن)?(?: تفعل| تساعدني| مساعدتي| عمله)?(?: لي)?
        (?:و ?)?ما الذي (?:تستطيع|يمكنك|تقدر)(?: أن)? (?:تفعله|فعله|عمله|تقدمه|تقديمه)(?: لي)?
        (?:هل|كيف|ممكن|بماذا|بم) (?:يمكنك |تستطيع )?(?:أن )?(?:مساعدتي|تساعدني|تساعدنا)
        هل (?:يمكنني|يمكن|ممكن|أستطيع)(?: لي)?(?: أن)? (?:أسأل|أسألك|سؤالك|طرح سؤال|أطرح سؤالا|السؤال)
        (?:عندي|لدي) (?:سؤال|أسئلة)
        كيف (?:أستخدم|أستعمل|نستخدم) (?:مسند|هذا الموقع|هذا البرنامج|الموقع|البرنامج)|كيف (?:أستخدمك|أستعملك)
        من (?:أين|وين) (?:تأتي|لك|تجيب|تحصل على) (?:معلوماتك|بمعلوماتك|هذه المعلومات|بهذه المعلومات)
        (?:من|مين) (?:صنعك|برمجك|طورك|أنشأك|صممك|عملك)
        هل (?:أنت )(?:إنسان|روبوت|آلة|بشر|ذكاء اصطناعي|شخص حقيقي|ذكي|برنامج|chatgpt|شات جي بي تي)
        (?:ساعدني|أحتاج مساعدة|أحتاج إلى مساعدة|أريد مساعدة|أريد المساعدة|ممكن مساعدة|مساعدة)
        who (?:are|r) (?:you|u)
        (?:what s|whats|what is) your name
        what (?:are you|can you do|do you do|is musnad|is this)(?: for me)?
        (?:what are|where are|what is) your sources?|where do you get (?:your|this) information(?: from)?
        who (?:made|built|created|developed|programmed) you
        how (?:do you|does this|does it|does this site|does musnad) work
        (?:can|may) i ask(?: you)?(?: a question| something)?|i have a question
        (?:how )?can you help(?: me)?
        are you (?:a )?(?:human|robot|bot|real|machine|person|ai)
        (?:help|help me)
    """,
    Kind.ASSENT: """
        (?:لا بأس|نعم|لا|حسنا|طيب|تمام|أوكي|اوك|اوكي|ماشي|عفوا|آسف|موافق|بالتأكيد|فهمت|عظيم|جيد|جميل)
        (?:yes|no|ok|okay|i see|got it|fine|good|nice|right)
    """,
    Kind.LAUGHTER: """
        (?:ههه*|ها ?ها(?: ?ها)*|خخخ+)
        (?:a?(?:ha ?ha|he ?he)(?: ?h[ae])*h?|lo+l|lmao|rofl)
    """,
    Kind.CHAT: """
        (?:قل|قولي?|احك|احكي|أعطني|عطني|هات) (?:لي |لنا )?نكت(?:ة|تك)(?: مضحكة| حلوة| جديدة| أخرى| ثانية)*
        (?:احكيلي|احكيلنا|قوللي|قولي لي) نكتة(?: مضحكة| حلوة| جديدة| أخرى| ثانية)*
        (?:هل )?(?:تعرف|عندك|لديك) (?:أي )?(?:نكتة|نكت|نكات)(?: مضحكة| حلوة)?
        (?:أضحكني|ضحكني|سلني)
        (?:please )?(?:can you |could you )?(?:tell|give) (?:me|us) (?:a|another|one more) (?:good |funny )?joke
        (?:do you know (?:any |a )?(?:good |funny )?jokes?|make me laugh)
        (?:كم|شقد|قديش|ما|ايش|كام|قد إيه) (?:هي )?الساعة(?: الآن| الحين| هلأ| دلوقتي| عندك)?
        الساعة (?:كم|كام)(?: الآن| الحين| هلأ| دلوقتي)?
        (?:ما|كم|ايش|وش|شو) (?:هو )?(?:تاريخ اليوم|التاريخ اليوم|تاريخ هذا اليوم)
        (?:ما|أي|ايش|وش|شو) (?:هو )?(?:يوم )?اليوم
        اليوم (?:أي يوم|كم|ايش|شو)
        (?:ما|كم) (?:هو )?الوقت (?:الآن|الحين|عندك)
        في أي (?:يوم|شهر|سنة|عام) نحن(?: الآن| اليوم)?
        (?:what s|whats|what is) (?:the )?time(?: is it)?(?: now| right now)?
        (?:what time is it|what day is it|what date is it)(?: now| right now| today)?|do you have the time
        (?:what s|whats|what is) (?:today s date|todays date|the date today|the day today|today)
        what (?:day|date|year|month) (?:is today|is it today|are we in)
        (?:ما|ايش|وش|شو|إيه|ايه) (?:هي |هو )?(?:آخر|أحدث|أهم|أبرز) (?:الأخبار|أخبار اليوم|المستجدات)(?: اليوم| الآن)*
        (?:ما|ايش|وش|شو|إيه|ايه) (?:هي )?(?:الأخبار|الجديد|أخبار اليوم)(?: اليوم| الآن| عندك| لديك)*
        (?:آخر|أحدث|أهم) (?:الأخبار|المستجدات)(?: اليوم| الآن)?
        هل (?:هناك|من|يوجد) (?:أخبار جديدة|جديد)(?: اليوم)?
        (?:what s|whats|what is|what are) (?:the )?(?:(?:latest|top|breaking) )?(?:news|headlines)(?: today| now)?
        (?:the )?(?:latest|top|breaking) (?:news|headlines)(?: today)?|what s new(?: today)?|any news(?: today)?
        هل (?:أنت )?(?:تحبني|تكرهني|تشعر|حزين|سعيد|زعلان|غاضب)(?: مني)?|هل (?:لديك|عندك) مشاعر
        (?:تحبني|بتحبني|تكرهني|تتزوجني|تتزوجيني|هل تتزوجني)
        (?:أنا )?(?:أحبك|بحبك|أكرهك|بكرهك|أعشقك)(?: جدا| كثيرا| يا روبوت)*
        (?:أنا|اني) (?:زعلان|حزين|غاضب|سعيد|فرحان|تعبان|زهقان|متضايق|مكتئب|خائف|جائع|جوعان|نعسان)ة?(?: جدا| اليوم| منك)*
        (?:زعلان|زهقان|متضايق)ة?(?: جدا| منك)*
        do you (?:love|like|hate|miss) me|do you have feelings
        i (?:really )?(?:love|like|hate|miss) you|will you marry me
        (?:i m|im|i am) (?:so |very |really )?(?:sad|angry|happy|bored|tired|lonely|upset|hungry)(?: today| with you)?
        are you (?:sad|happy|angry|bored)(?: with me)?
    """,
}
# Words that may stand beside such a phrase.
_FILLER = r"(?:من فضلك|لو سمحت|يا (?:مسند|صديقي|أخي|عزيزي|غالي)|please|musnad)"


_BY_KIND: tuple[tuple[Kind | None, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"(?:{normalise(line.strip())})(?: |$)"))
    for kind, lines in (*_PHRASES.items(), (None, _FILLER)) for line in lines.strip().splitlines())
# What stands in front of a question, as written. Only what can't begin a sentence about something else is dropped
# without a comma: "شكرا لمن؟" and "مرحبا الحريري" keep their first word.
_WITHOUT_COMMA = (r"ال?سلام عليكم(?: و ?رحم[ةه] الله)?(?: و ?بركاته)?|مرحبا|[أا]هلا وسهلا|صباح الخير|مساء الخير"
                  r"|hello|hi|hey|good (?:morning|evening|afternoon)|thank you|thanks")
_ASKS = (r"هل|من|متى|أين|اين|كم|كيف|لماذا|ماذا|ما(?! [إا]ذا)|أي|لمن|بكم|مين|[إا]يمتى|[إا]متى|فين|وين|ليش|ليه|شو|[إاأ]يش"
         r"|who|when|where|what|why|how|which|did|was|is|are")
# What asks for the question behind it to be answered: "هل تعرف متى …؟", "can you tell me who …?".
_ASKS_TO_TELL = (
    r"(?:هل |ممكن |لو |من فضلك |لو سمحت )*(?:يمكنك |تستطيع |بإمكانك |سمحت )?(?:[أا]ن )?"
    r"(?:تعرف|تعلم|تدري|تخبرني|تقول لي|[أا]خبرني|[أا]خبرنا|قل لي|قولي لي|[أا]علمني|[أا]عرف|نعرف|معرف[ةه])(?: لي)?"
    r"|(?:[أا]نا )?(?:[أا]ريد|نريد|[أا]ود|عايز|عاوز|بدي|ابي|[أا]رغب)(?: في)? (?:[أا]ن )?"
    r"(?:[أا]عرف|[أا]علم|نعرف|معرف[ةه]|[أا]س[أا]ل|السؤال)"
    r"|(?:عندي |لدي )?سؤال|من فضلك|لو سمحت(?:م)?|يا مسند"
    r"|(?:please |could you |can you |would you |will you )*(?:please )?tell (?:me|us)|do you know"
    r"|(?:i|we) (?:want|would like|d like|need) to know|i was wondering|please")
_MARKS = re.compile("[\u064b-\u0652]")
_IN_FRONT = re.compile(rf"(?:{_WITHOUT_COMMA}|{_ASKS_TO_TELL})[\s!.،,:؛-]+(?=(?:{_ASKS}|{_ASKS_TO_TELL})\b)",
                       re.IGNORECASE)
_UP_TO_COMMA = re.compile(r"[^،,!.:؛؟?\n]*[،,!.:؛\n]+\s*")
_DROPPED = (Kind.GREETING, Kind.THANKS, Kind.ASSENT, Kind.LAUGHTER)


@lru_cache(maxsize=256)  # asked several times about each question
def small_talk(question: str) -> Kind | None:
    """Return the kind of small talk that the whole text is, None if it may ask something of the articles.

    A text of several phrases has the kind of the last one that is no greeting: "مرحبا، من أنت؟" asks who answers.
    """
    if len(question) > MAX_CHARS:
        return None
    said = " ".join(compared(match.group()) for match in tokens(question))
    kinds, place = [], 0
    while place < len(said):
        match = _longest(said, place)
        if match is None:
            return None
        kind, place = match
        kinds += [kind] if kind else []
    return next((kind for kind in reversed(kinds) if kind is not Kind.GREETING), Kind.GREETING if kinds else None)


def without_greeting(question: str) -> str:
    """Drop greetings, thanks and "can you tell me" in front of a question: "مرحبا، من وقّع اتفاق الدوحة؟".

    A text that is small talk stays as it is.
    """
    rest = question
    while small_talk(rest) is None:
        clause = _UP_TO_COMMA.match(rest)
        if clause and small_talk(clause.group()) in _DROPPED and rest[clause.end():]:
            rest = rest[clause.end():]
            continue
        # Marks are letters of their own; the greeting is looked for without them and cut off word by word.
        bare = _MARKS.sub("", rest)
        match = _IN_FRONT.match(bare)
        if match is None:
            break
        rest = rest.split(maxsplit=len(match.group().split()))[-1]
    return rest if small_talk(rest) is None else question


def _longest(said: str, place: int) -> tuple[Kind | None, int] | None:
    """Return the kind and the end of the longest phrase at `place`; the kind of a filler is None."""
    found = [(match.end(), kind) for kind, pattern in _BY_KIND if (match := pattern.match(said, place))]
    if not found:
        return None
    end, kind = max(found, key=lambda each: each[0])
    return kind, end
