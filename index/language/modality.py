"""List the words that say whether something is so, is not so, may be so, or is only intended, demanded or foretold.

Every such list is here, normalised. What such a word governs stands behind it, in its clause.
"""

from __future__ import annotations

from typing import Literal

from index.language.saying import ENGLISH_DENIAL, VERBS_OF_DENIAL, VERBS_OF_DOUBT
from index.language.tokens import compared_words

Modality = Literal["fact", "negated", "possible", "intended"]

# Behind these, what does not come true is denied.
DENYING = frozenset(VERBS_OF_DENIAL) | frozenset(ENGLISH_DENIAL) | compared_words("النفي بنفي نفيه نفيها denial")
REFUSING = compared_words("""
    برفضه برفضها برفضهم لرفض لرفضه لرفضها رفضهم رفضا
    رفضته رفضتها رفضوه رفضوها يرفضه يرفضها ترفضه ترفضها يرفضونه يرفضونها
    رفض رفضت رفضوا يرفض ترفض يرفضون رافضا رافضة رفضه رفضها برفض ألغى ألغت ألغي ألغيت إلغاء منع يمنع تمنع منعت
    حظرت يحظر تحظر حرمت فشل فشلت فشلوا يفشل تفشل فشله فشلها
    refused refuses refuse rejects cancelled canceled banned
""")
POSSIBLE = frozenset(VERBS_OF_DOUBT) | compared_words("""
    ربما لعل لعله لعلها يحتمل محتمل المحتمل احتمال احتمالات باحتمال مرجح المرجح يرجح ترجح رجح رجحت يمكن ممكن
    الممكن يبدو تبدو يزعم تزعم زعم زعمت يزعمون مزاعم المزاعم بزعم مزعوم مزعومة المزعومة المزعوم يشتبه مشتبه
    المشتبه شائعات الشائعات إشاعات يعتقد تعتقد يعتقدون يظن يفترض may might could perhaps possibly maybe allegedly
    reportedly alleged suspected likely unlikely believed appears
""")
# A suspect, as the Arabic says it, is one about whom there is a suspicion: مشتبه به.
SUSPECTED = compared_words("مشتبه المشتبه مشتبها")
# These say of the noun before them that it may be: بديل محتمل.
ADJECTIVES_OF_DOUBT = compared_words("محتمل محتملة محتملين مزعوم مزعومة المزعوم المزعومة المحتملة")
INTENDED = compared_words("""
    يعتزم تعتزم يعتزمون اعتزم اعتزمت ينوي تنوي ينوون نوى نوت نية يخطط تخطط يخططون خطط خططت خطة يسعى تسعى يسعون سعى
    سعت سعيا يأمل تأمل يأملون أمل أملت يتعهد تتعهد تعهد تعهدت تعهدوا وعد وعدت هدد هددت يهدد تهدد يهددون توعد
    توعدت دعا دعت دعوا يدعو تدعو يدعون دعوة دعوات طالب طالبت طالبوا يطالب تطالب يطالبون مطالبا مطالبة مطالبات طلب
    طلبت طلبوا يطلب تطلب حث حثت يحث تحث ناشد ناشدت يناشد أوصى أوصت يوصي توصي توصية بتوصية اقترح اقترحت يقترح تقترح
    اقتراح مقترح يتوقع تتوقع توقع توقعت توقعوا متوقع المتوقع يرتقب المرتقب مرتقب سوف يقرر المقرر مقرر مقررا يعتزمان يريد
    تريد يريدون أراد أرادت يرغب ترغب رغب رغبت يحاول تحاول حاول حاولت محاولة يستعد تستعد استعد استعدت تستهدف يهدف
    تهدف عرض عرضت يعرض تعرض plans planned planning plan intends intended aims aimed hopes hoped hope vowed
    vows pledged pledges promised promises threatened threatens called calls demanded demands urged urges asked
    recommended recommends proposed proposes expected expects will would shall wants wanted seeks sought
    considering scheduled سأل سألت سألوا يسأل تسأل لوح لوحت يلوح تلوح استعداد استعداده استعدادها استعدادهم مستعد
    مستعدة مستعدون متوعدا متوعدة متعهدا متعهدة مهددا مهددة تهديدا متوقعا متوقعة داعيا داعية معتزما معتزمة ساعيا ساعية
    آملا آملة محاولا محاولة ملوحا ملوحة ينتظر تنتظر المنتظر التخطيط تخطيط بخطة لخطة بمحاولة
    يتأهب تتأهب يتأهبون تأهب تأهبت يزمع تزمع يزمعون أزمع أزمعت
""")
# Words with a marker of their own that belong to a figure or an adverb: "no less than", "still".
NOT_NEGATING = compared_words("""
    يقل تقل يقلون يزيد تزيد يتجاوز تتجاوز يزال تزال يزالون زال زالت سيما شك بد بأس يتعدى less more only longer
""")
