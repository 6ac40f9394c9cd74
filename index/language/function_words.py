"""List the function words of Arabic, English, French and Russian: words that ask, point or join.

Every such list is here, normalised. Function words say little about the topic of a text, but which words count as such
depends on the purpose: "year" says nothing in a question, "happened" nothing in a follow-up.
"""

from __future__ import annotations

from index.language.tokens import compared_words

ENGLISH_FUNCTION_WORDS = frozenset("""
    year date day month city place country number
    what who whom whose when where which why how did do does was were is are the a an of in on at to for with by and or
    that this it its has have had be been will would from much many
""".split())
FRENCH_FUNCTION_WORDS = compared_words("""
    le la les l un une du des d de et ou où à a au aux ont sur dans par pour avec sans sous entre vers chez contre selon
    après avant pendant depuis lors qui que qu quoi quel quelle quels quelles lequel laquelle quand combien comment
    pourquoi est étaient était sont fut furent été être il elle ils elles on se s ce c cet cette ces son sa ses leur
    leurs y en ne n pas plus dont t j avoir avait avaient fait sera propos sujet lieu fois an ans année date jour mois
    ville pays nombre endroit
""")
RUSSIAN_FUNCTION_WORDS = compared_words("""
    кто кого кому кем ком что чего чему чем чём какой какая какое какие какого какую каком каким каких какими каков
    какова каково каковы где куда откуда когда почему зачем сколько скольких как чей чья ли и а но или в во на с со к ко
    о об обо по из за от до у при для под над между после перед через не ни это этот эта эти того тот та те так же бы
    был была было были быть будет есть он она оно они его её ее их им ими свой своего своей свои все всего год года году
    годы лет день дня месяц месяце дата город города городе городах место месте страна страны стране число количество
    время
""")
# Arabic, English and Russian. The French ones are not included, since some are English content words.
FUNCTION_WORDS = ENGLISH_FUNCTION_WORDS | RUSSIAN_FUNCTION_WORDS | compared_words("""
    ما ماذا من متى أين كيف كم هل لماذا لم أي أية هو هي هم التي الذي الذين ذلك هذا هذه تلك في على إلى عن مع بعد قبل بين
    كان كانت يكون تم يتم ومن وما وهل وكم عند عندما إذا أو ثم قد لقد إن أن لا ولا وقد كل منذ حتى كما لكن ايش شو ليش وين
    عام سنة تاريخ موعد يوم شهر مدينة مكان بلد عدد
""")

# Question words.
ASKING_WORDS = compared_words("""
    متى ومتى من ومن ما وما ماذا أين وأين كم وكم بكم كيف لماذا هل أي أية لمن ممن عما فيم بم
    who whom whose what where when which how why
    qui que qu quoi quel quelle quels quelles quand où combien comment pourquoi
    кто кого кому кем что чего чем какой какая какое какие какого какую каком каким каких где куда откуда когда почему
    сколько как
""")
# Auxiliary words behind a question word.
AUXILIARY_WORDS = compared_words("""
    هو هي هم هما كان كانت تم يتم عدد مقدار اسم بلغ بلغت تبلغ يبلغ أول آخر من في many much de d
""")
# Words in front of a counted noun.
COUNTED_AFTER = compared_words("كم وكم بكم أي أية many combien сколько")
# Between two things to choose from, and what asks for one of them.
OR_WORDS = compared_words("أم or")
WHICH_OF_TWO = compared_words("أيهما أيهم أيها أي ما من which who what")
# "Which X", "what X": a sentence without X hardly answers.
WHICH = compared_words("""
    اي ايه what which quel quelle quels quelles какой какая какое какие какого какую каком каких
""")
# Pronouns that may stand where a speaker is named, in lower case.
ENGLISH_SUBJECTS = compared_words("he she they it we i who")
# Negations.
DENIALS = compared_words("لم لن لا ليس ليست ولم ولن ولا وليس وليست فلم فلن فلا not no never cannot")
# Negations of what is counted: none, without any.
WITHOUT = compared_words("لا لم لن ليس ليست ما دون بدون بلا ولا ولم ولن وليس no not never without none")
# Whoever is behind these does not do it: فاز على ضيفه.
TO_SOMEBODY = compared_words("على إلى ضد ل")
# Behind a verb of commenting, these go on with what it is about, or with what is said.
BEHIND_A_COMMENT = compared_words("على قائلا قائلة بالقول بقوله حول عن")
# Negations of a claim.
NOT = DENIALS | compared_words("""
    غير دون بدون بلا عدم وعدم ليسوا لست لسنا انتفاء أحجم أحجمت امتنع امتنعت يمتنع تمتنع without neither nor cannot
""")
# These end what was denied before, and deny anew: لم يحضر ولا أرسل وفدا.
AND_NOT = compared_words("ولا ولم ولن وليس وليست")
# Negations right before a quote, which it leaves out; nouns of negation, which deny only what is right behind them.
BEFORE_A_CUT = compared_words("""
    لم لن لا ليس ليست ليسوا لسنا لست غير دون بدون بلا عدم ولا not never no without cannot neither nor hardly
""")
NEGATING_NOUNS = compared_words("غير دون بدون بلا عدم وعدم without")
# Words that only a noun follows, though it is spelled as a verb: دون ذكر اسمه.
BEFORE_NOUNS = compared_words("دون بدون عن من في على إلى بعد قبل مع عدم رغم غير حول خلال عند منذ سوى يجدر")
# "If it was"; "I did not say that".
IF_WORDS = compared_words("إذا لو إن")
BEHIND_IF = compared_words("كان كانت كانوا كنت كنتم كنا ما لم")
THAT_WORDS = compared_words("أن ان إن أنه أنها أنهم أننا أنني إنه إنها إننا إنني بأن بأنه بأنها أني إني that")
# Words that ask, deny or point, which begin no speaker's name; pronouns before the verb, which may stand for anybody.
BEGINNING_NO_NAME = DENIALS | compared_words("كيف لماذا متى أين هل ماذا ما من أن إن اسمه اسمها هويته هويتها")
DEMONSTRATIVES = compared_words("هذا هذه ذلك تلك هؤلاء أولئك")
PRONOUNS_BEFORE_VERBS = compared_words("لكنه ولكنه لكنها ولكنها لكنهم ولكنهم وهو وهي وهم أنه أنها أنهم فإنه فإنها")
# "Who is he"; words with which a follow-up asks of an act.
WHO_IS_IT = compared_words("هو هي هم")
ASKING_OF_AN_ACT = compared_words("هل متى كيف لماذا أين")
# With these, a negated clause does not deny: لم يوقع إلا بعد، ليس فقط، لم يوقع حتى عام.
DENIAL_LIMITS = compared_words("إلا فقط فحسب حتى قبل سوى only until before but just")
# Words that begin a question that asks whether something is so; words that ask for a reason or a manner.
YES_OR_NO = compared_words("هل أليس is are was were do does did has have had can will")
WHY_AND_HOW = compared_words("لماذا كيف why how")

# The following lists are for follow-ups, in Arabic and English.
# Question words; those of them that ask for a count; those that ask for a definition.
FOLLOW_UP_ASKING = ASKING_WORDS | compared_words("بأي لأي أيهما أيهم علام إلام مم كيفية")
FOLLOW_UP_COUNTING = compared_words("كم بكم")
FOLLOW_UP_DEFINING = compared_words("ما أي أية")
# Words that point back; conjunctions; prepositions; words without content of their own.
FOLLOW_UP_POINTING = compared_words("""
    ذلك ذاك هذا هذه تلك هذين هاتين هؤلاء أولئك هناك حينها وقتها عندها بعدها قبلها آنذاك بعدئذ نفسه نفسها
    this that these those it its he him his her she they them their there then
""")
FOLLOW_UP_JOINING = compared_words("ثم طيب حسنا إذن and then but so ok okay")
# What agrees to the answer before, in front of "and": طيب والكهرباء؟, ok, and where?
FOLLOW_UP_AGREEING = compared_words("طيب حسنا تمام ok okay")
FOLLOW_UP_PREPOSITIONS = compared_words("""
    في على إلى عن من مع لدى عند ضد بين خلال in at on to from with for by of during
""")
FOLLOW_UP_WITHOUT_CONTENT = compared_words("""
    كان كانت يكون تكون حدث حدثت جرى جرت تم تمت وقع وقعت حصل حصلت بعد قبل حيز التنفيذ النفاذ التطبيق
    عن في من على إلى مع بين خلال كل أي أبرز أهم was were did does do is are happen happened take place
""")
# Prepositions that end in a pronoun; prepositions that are written with ى when they do not.
FOLLOW_UP_WITH_PRONOUN = compared_words("""
    فيها فيه فيهم فيهما عنها عنه عنهم عنهما منها منه منهم إليها إليه إليهم عليها عليه عليهم معها معه معهم بينهم بينهما
    بسببه بسببها بسببهم لأجله لأجلها لأجلهم
""")
FOLLOW_UP_ENDING_IN_ALEF = compared_words("إلى على لدى")
# Words that are followed by a noun, not a verb.
FOLLOW_UP_BEFORE_NOUNS = compared_words("ما كم هي هو أي أبرز أهم كانت كان في عن من على إلى")
# English pronouns that a noun phrase replaces, and those that its possessive replaces.
FOLLOW_UP_OBJECT_PRONOUNS = frozenset("it them him he she they this that".split())
FOLLOW_UP_POSSESSIVES = frozenset("its his their her".split())
# Nouns of events and papers, which begin the noun phrase that a question is about.
EVENT_NOUNS = compared_words("""
    اتفاق اتفاقية معاهدة قمة مؤتمر مفاوضات محادثات مشاورات مبادرة أزمة عملية حرب هدنة بيان إعلان قرار استفتاء انتخابات
    زيارة اجتماع اجتماعات حكومة هجوم تفجير انفجار زلزال انقلاب ثورة بروتوكول ميثاق صفقة خطة مشروع قانون دستور حصار
    احتجاجات مظاهرات لقاء تحقيق محاكمة بعثة لجنة منظمة حزب بطولة كأس دورة جائزة وثيقة مذكرة
""")
# What is signed, and not only happens.
PAPERS_SIGNED = compared_words("""
    اتفاق اتفاقية معاهدة ميثاق بروتوكول صفقة مذكرة عقد وثيقة agreement treaty accord pact protocol deal contract
""")
# Those that act themselves: "وقعت الحكومة الاتفاق".
ACTING_EVENT_NOUNS = compared_words("حكومة هجوم بعثة لجنة منظمة حزب")
# Question words of dialects.
DIALECT_WHO, DIALECT_WHERE, DIALECT_WHY, DIALECT_WHEN = map(compared_words, (
    "مين منو", "فين وين", "ليش ليه علاش", "امتى ايمتى"))
DIALECT_WHAT, DIALECT_HOW, DIALECT_HOW_MANY = map(compared_words, (
    "ايش إيش اش شو وش إيه شنو", "شلون إزاي كيفاش", "قديش أديش شقد كام"))
# "I want to know", in front of a question.
DIALECT_I_WANT = compared_words("عايز عايزة عاوز عاوزة بدي ابغى حابب حاب نفسي ودي")
DIALECT_TO_KNOW = compared_words("اعرف افهم")
# "Which", also one that is "follows" elsewhere; "now", which adds nothing in front of a question.
DIALECT_THAT, DIALECT_FOLLOWING, DIALECT_NOW = map(compared_words, ("اللي", "يلي", "هلق هلأ دلوقتي هسه هسا"))
# Question words that may stand anywhere in a question, being hardly ever a name; that may stand behind "and", behind a
# preposition in front of the question (`DIALECT_BEHIND`), or behind its first verb.
DIALECT_ANYWHERE = compared_words("ليش علاش ازاي قديش أديش شقد شلون ايمتى")
DIALECT_BEHIND_AND = DIALECT_ANYWHERE | compared_words("شو ايش شنو مين منو")
DIALECT_BEHIND, DIALECT_BEHIND_PREPOSITIONS, DIALECT_BEHIND_VERBS = map(compared_words, (
    "على عن من في ضد مع إلى", "شو ايش شنو وش وين مين", "ايش شنو وش إيه"))
# The names of letters, or of a man, that are question words as well.
DIALECT_LETTERS = compared_words("إيه اش")
# Beside one of these a text is in standard Arabic, and what looks like another question word may be a name.
DIALECT_NEVER_BESIDE = compared_words("متى ماذا لماذا هل أين")
# What is signed behind اتوقع, which is "I expect" before other nouns.
DIALECT_SIGNED = compared_words("اتفاق اتفاقية معاهدة")
# Behind "it happened".
DIALECT_BESIDE_HAPPENED = compared_words("في فيه مع بعد قبل عند بين خلال يوم اليوم أمس ليلة بخصوص بشأن هناك جنب")
# What asks for a reason, and what begins the opposite of one.
ASKING_WHY = DIALECT_WHY | compared_words("لماذا لم why")
IN_SPITE_OF = compared_words("رغم الرغم برغم بالرغم despite although spite")
# Small words of dialects, which news seldom writes: question words, "which", "because", "not", "now".
DIALECT_SMALL_WORDS = frozenset().union(
    DIALECT_WHO, DIALECT_WHERE, DIALECT_WHY, DIALECT_WHEN, DIALECT_WHAT, DIALECT_HOW, DIALECT_HOW_MANY,
    DIALECT_THAT, DIALECT_FOLLOWING, DIALECT_NOW, compared_words("""
    عشان علشان مشان مش مو مب لسه لسا كمان برضه برضو بتاع بتاعة بتاعت رح عايز عاوز بدو بده
"""))
ENGLISH_EVENT_NOUNS = frozenset("""
    agreement agreements accord accords treaty talks summit war crisis deal conference initiative declaration plan pact
    peace process resolution ceasefire attack election elections hostage government
""".split())
# What makes a participle behind it a passive; what a clause begins with, and what stands before its nouns.
ENGLISH_BE = frozenset("was were is are been be am".split())
ENGLISH_CLAUSE_OPENERS = frozenset("""
    that which who whom whose and or but while when where as because since if although though after before until than
""".split())
ENGLISH_PREPOSITIONS = frozenset("""
    in at to from into by with for on over under about during between among through without
""".split())
# Two do it together: who is named first makes no difference.
RECIPROCAL = compared_words("التقى التقت التقيا يلتقي تلتقي اجتمع اجتمعت meet met marry married wed divorce divorced")
# Behind a question word.
ENGLISH_AUXILIARIES = frozenset("was were did do does is are has have had be been will".split())

# The following lists are for the subjects of verbs of saying. Words that begin what is said; that end a subject; that
# stand before a subject, or between it and its verb; that point back to a paper ("a statement in which it said").
SPEECH_OPENERS = compared_words("""
    إن أن إنه أنه إنها أنها إنهم أنهم إنهن أنهن إنهما أنهما إننا أننا إنني أنني بأن بأنه بأنها بأنهم بأنهن بأننا
    قائلا قائلة
""")
SUBJECT_STOPS = compared_words("""
    في فيه فيها خلال عن عنه عنها عنهم على إلى من الذي التي الذين اللذين بعد قبل عقب أمام عبر مع لدى ردا تعليقا عندما حين
    أثناء يوم أمس اليوم ضمن حول لكن لكنه كما والذي والتي وهو وهي بشأن بخصوص وذلك حيث بحسب وفقا حسب إذا أي أية هل لماذا
    عما حتى لنظيره لنظيرته لنظيرها لنظيرتها لزميله لزميلته لزميلها لزميلتها
""")
RELATIVES = compared_words("الذي التي الذين حيث عندما بعدما أن إن ما وما عما مما والذي والتي كما حسبما بحسب ممن من")
BEFORE_SUBJECTS = compared_words("""
    لكن ولكن بينما فيما أما وأما كما حيث بيد حين وكان كان كانت وكانت قد وقد بدوره بدورها جانبه و ومن من جهته جهتها
""")
BEFORE_CLAUSES = compared_words("كما قد وقد لكن ولكن ثم بينما فيما حيث")
# Behind these, ما denies: قال إنه ما فعل.
BEFORE_DENYING_MA = compared_words("إنه أنه إنها أنها إنني أنني إني أني إننا أننا إنا إنهم أنهم والله")
BEFORE_VERBS = compared_words("قد كان كانت فقد")
IN_IT = compared_words("فيه فيها فيهما")
OFFICE_PREPOSITIONS = compared_words("في لدى من على إلى")
CIRCUMSTANCE_OPENERS = compared_words("""
    في وفي خلال وخلال بعد وبعد قبل وقبل عقب وعقب عن وعن حول وحول ردا وردا تعليقا وتعليقا من ومن على وعلى مع ومع عبر وعبر
    إلى وإلى ثم لدى ولدى بشأن وبشأن هنا وهنا أمس اليوم فيما
""")
# Words before a verb that leave open whether it comes true.
HYPOTHETICAL = compared_words("ربما لو إذا إن سوف may might will would")

# For figures and timelines. Words that deny a figure; behind which a part of it follows; that say how it was; before a
# place; that begin a relative clause, or what is said; that say only that something happened, and when in the day.
DENYING_FIGURE = compared_words("لا لم no not")
PART_OF_FIGURE = compared_words("بينهم بينهن بينها منهم منها منهن among including")
WAS = compared_words("كان كانت was were")
IN_PLACE = compared_words("في in at near قرب")
RELATIVE_PRONOUNS = compared_words("الذي التي الذين اللذين اللتين اللذان اللتان اللواتي who which")
COMPLEMENTISERS = compared_words("أن إن أنه أنها أنهم إنه إنها إنهم بأن بأنه بأنها that")
# A clause that contrasts begins with one of these.
CONTRASTING = compared_words("لكن لكنه لكنها لكنهم بينما فيما إلا غير أما but while whereas")
WHILE = compared_words("حين بينما فيما while whereas")
BEFORE_OR_AFTER = compared_words("قبل بعد عقب إثر قبيل")
# For tenses: words that make a noun of the verb behind them (ما يحدث); that open a clause besides the above.
BEFORE_NOUN_CLAUSES = compared_words("ما مما عما بما")
OPENING_CLAUSES = compared_words("""
    إنهما أنهما بأنهم حيث كما لكن ولكن لكنه لكنها هل فيما بينما لأنه لأنها لأن وهو وهي هو هي أما حتى كانت كان
""")
# What follows these is compared with what stands before.
COMPARING = compared_words("""
    مقابل مقارنة بالمقارنة بينما أما لكن لكنه لكنها ولكن ثم فيما إلى حتى قبل واليوم والآن الآن
    while but now to compared until then
""")
NEVER_BEFORE_TOMORROW = compared_words("ليس وليس قبل")
POSSESSIVES = frozenset(("his", "her", "their", "my", "your"))
HAPPENED = compared_words("حدث حدثت وقع وقعت جرى جرت حصل حصلت يوم صباح مساء occurred happened")
# Questions what happened: what asks, what may stand between it and the verb ("ما الذي حدث", "إيه اللي حصل"), the verb,
# and what makes حصل "he got". Behind a comma, words that open what is added to a main clause; behind a verb of saying,
# words that open what was said.
ASKING_WHAT = compared_words("ماذا ما إيه ايش إيش اش شو وش شنو what")
WHAT_THAT = compared_words("الذي اللي يلي has is was did had")
HAPPENING = compared_words("""
    حدث جرى حصل صار يحدث يجري يحصل يصير بيحصل بيصير سيحدث سيجري سيحصل happened happen happening happens
""")
ON_WORDS = compared_words("على عليه عليها عليهم")
BEHIND_MAIN_CLAUSE = compared_words("""
    مما حيث فيما بينما وذلك بعد بعدما إثر عقب جراء بسبب نتيجة خلال أثناء عندما حين حينما حسب بحسب وفق وفقا حسبما كما
    لكن ولكن بيد إلا الأمر وهو وهي إذ قبل منذ بهدف بحضور ردا احتجاجا تزامنا مشيرا مشيرة مضيفا مضيفة
    مؤكدا مؤكدة موضحا موضحة لافتا لافتة معلنا معلنة قائلا قائلة مخلفا مخلفة متسببا متسببة
    which while after following leaving killing according when where but
""")
WHAT_WAS_SAID = COMPLEMENTISERS | compared_words("عن على أن")

# For claims and what is said of them: "may"; words at which what a negation governs ends, anywhere and behind a comma;
# prepositions; words without content; words that name a source; words that make an exception to a negation.
MAY = compared_words("قد وقد فقد")
CLAUSE_OPENERS = compared_words("""
    لكن ولكن لكنه لكنها لكنهم بينما فيما غير أما وأما إلا بيد but while whereas although
""")
CLAUSE_OPENERS_BEHIND_COMMA = compared_words("وهو وهي وهم حيث كما ما which who")
PREPOSITIONS_OF_CLAIMS = compared_words("في إلى من على عن مع نحو ضد in at to from into by with of for")
WITH_IT = compared_words("به بها بهم بهما فيه فيها فيهم")
PREPOSITIONS_WITH_PRONOUN = compared_words("عليه عليها عليهم له لها لهم فيه فيها به بها بهم إليه إليها إليهم")
WITHOUT_CONTENT_IN_CLAIMS = compared_words("""
    إنه إنها إنهم أنه أنها أنهم بأن بأنه بأنها وفق وفقا بحسب حسب خلال عبر ضد نحو أمام ضمن وذلك قال أيضا
    بها بهم به له لها لهم فيه فيها منه منها عليه عليها إليه إليها عنه عنها هناك هنا أي كانوا ليكون سوى فقط قدرها
    قدره مدتها إلا بن ابن لبن هو نفسه نفسها جميع كافة معظم كلا كلتا he she they his her their also into
    than then there حين حينما معه معها معهم منهم منهن بينهم لدى لديه لديها لديهم مقابل عندما بينما مثل بشأن بسبب
    لذلك ولذلك أثناء إثر عقب صار صارت بات باتت أصبح أصبحت بلغ بلغت يبلغ تبلغ حيث رغم مجددا طوال لكي كي
""")
# Where something is, behind its noun; when a thing did not itself happen, before a time.
IN_OR_OF, NOT_AT_TIME = compared_words("في in of"), compared_words("قبل بعد منذ حتى before after since until")
# Right in front of a day or year in which something is done.
ON_DAY = compared_words("في يوم on in")
LOCATIVE = compared_words("في من إلى in at from")
NAMING_SOURCES = compared_words("بحسب حسب وفقا وفق حسبما نقلا according")
EXCEPTING = compared_words("إلا سوى فقط فحسب")
# What came first, and what later.
BEFORE, AFTER = compared_words("قبل قبلما قبيل before"), compared_words("بعد بعدما عقب إثر بعيد after")
# Behind these, "hope" is a name: حركة أمل.
PARTIES = compared_words("حركة كتلة حزب")
# What happened is told behind these in passing: in a clause, or by a noun.
BEFORE_CIRCUMSTANCES = compared_words("""
    بعدما عقب إثر جراء بسبب رغم عندما حين حينما منذ بعد قبل وقوع خلفية
    after since because when before over following despite
""")
BEFORE_OTHER_EVENTS = compared_words("""
    الذي التي الذين اللذين اللتين اللذان اللتان اللواتي بعد بعدما عقب إثر أثر غداة منذ مذ جراء بسبب رغم أعقاب خلفية لما
    عندما حين حينما حيث لدى بشأن حول قبيل المقرر المقررة المزمع
    who which whose after since following because despite when where over about
""")
# The words among them for what somebody speaks or a paper is of.
ABOUT = compared_words("بشأن حول about over")
# A number before one of these counts nothing.
BEHIND_A_YEAR = compared_words("""
    عندما بعدما بينما كما حينما وكما ومنها منها إنها أنها لكنها فيما وفيما خاصة نتيجة إضافة
""")
# No name of a place in front of a date has these: "منذ الحرب، 5 مايو 2018".
NOT_IN_NAMES_OF_PLACES = compared_words("""
    في من منذ حتى إلى يوم بتاريخ قبل بعد عن على تحديث آخر عُدل حدث تعديل وقع وُلد ولد توفي مواليد قال on in since until
    from to by updated update modified edited born died last the of at
""")
# Words between a name and the age: فلان، وهو من العمر.
BETWEEN_NAME_AND_AGE = compared_words("وهو وهي هو هي من العمر")
