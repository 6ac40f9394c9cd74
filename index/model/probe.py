"""Provide fixed passages and questions, all common knowledge, for comparing two runtimes of one model."""

from __future__ import annotations

PROBE_PASSAGES = (
    "وُقّعت اتفاقيتا كامب ديفيد بين مصر وإسرائيل في البيت الأبيض في 17 سبتمبر 1978، بعد مفاوضات دامت ثلاثة عشر يوما "
    "برعاية الرئيس الأمريكي جيمي كارتر.",
    "انعقد مؤتمر مدريد للسلام في العاصمة الإسبانية في نهاية أكتوبر 1991 برئاسة مشتركة للولايات المتحدة "
    "والاتحاد السوفيتي.",
    "تأسست جامعة الدول العربية في القاهرة في 22 مارس 1945، وكان أمينها العام الأول عبد الرحمن عزام.",
    "تأسست الأمم المتحدة في عام 1945 بعد مؤتمر سان فرانسيسكو، ومقرها في مدينة نيويورك.",
    "نهر النيل من أطول أنهار العالم، ويصب في البحر المتوسط بعد أن يعبر السودان ومصر.",
    "تتألف جزيئات الماء من ذرتي هيدروجين وذرة أكسجين، ويغلي الماء عند مئة درجة مئوية تحت الضغط الجوي المعتاد.",
    "كتب نجيب محفوظ رواية «بين القصرين»، ونال جائزة نوبل في الأدب عام 1988.",
    "فازت فرنسا بكأس العالم لكرة القدم في روسيا عام 2018 بعد أن غلبت كرواتيا في المباراة النهائية.",
    "The Good Friday Agreement was signed in Belfast on 10 April 1998 and ended most of the violence in "
    "Northern Ireland.",
    "The Dayton Agreement ended the war in Bosnia. It was initialled in Ohio in November 1995 and signed in Paris.",
    "Apollo 11 landed on the Moon in July 1969; Neil Armstrong was the first person to walk on its surface.",
    "يقع المسجد الأموي في مدينة دمشق القديمة، وقد بُني في عهد الخليفة الوليد بن عبد الملك.",
)
PROBE_QUESTIONS = (
    "متى وُقّعت اتفاقيتا كامب ديفيد؟",
    "أين انعقد مؤتمر مدريد للسلام؟",
    "من كان أول أمين عام لجامعة الدول العربية؟",
    "في أي بحر يصب نهر النيل؟",
    "عند أي درجة يغلي الماء؟",
    "من فاز بكأس العالم عام 2018؟",
    "When was the Good Friday Agreement signed?",
    "أين وُقّع اتفاق دايتون الذي أنهى حرب البوسنة؟",
    "Who was the first secretary-general of the Arab League?",
    "من بنى المسجد الأموي في دمشق؟",
)
