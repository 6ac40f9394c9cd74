"""List countries, continents and nationalities, normalised."""

from __future__ import annotations

from collections.abc import Iterable

from index.language.clitics import with_article
from index.language.tokens import compared_words

# Names of countries that are hardly ever another word.
COUNTRIES = compared_words("""
    مصر السعودية إيران العراق سوريا سورية لبنان الأردن فلسطين إسرائيل اليمن عمان الإمارات قطر البحرين الكويت تركيا ليبيا
    تونس الجزائر المغرب السودان موريتانيا الصومال جيبوتي روسيا أوكرانيا الصين اليابان الهند باكستان أفغانستان فرنسا
    ألمانيا بريطانيا إيطاليا إسبانيا كندا البرازيل أمريكا أميركا السويد النرويج سويسرا صربيا كرواتيا اليونان هولندا
    كينيا تنزانيا أوغندا إثيوبيا إريتريا رواندا بوروندي نيجيريا غانا السنغال النيجر تشاد الكاميرون الكونغو
    أنغولا زامبيا زيمبابوي موزمبيق مدغشقر غينيا ليبيريا سيراليون غامبيا توغو الغابون بوتسوانا ناميبيا
    المكسيك الأرجنتين تشيلي بيرو كولومبيا فنزويلا بوليفيا الإكوادور باراغواي أوروغواي هايتي بنما نيكاراغوا
    هندوراس غواتيمالا السلفادور أستراليا نيوزيلندا إندونيسيا ماليزيا سنغافورة تايلاند تايلند فيتنام الفلبين
    ميانمار بورما كمبوديا لاوس منغوليا نيبال بنغلاديش بنجلادش سريلانكا كوريا كازاخستان أوزبكستان تركمانستان
    طاجيكستان قرغيزستان أذربيجان أرمينيا بيلاروسيا بيلاروس مولدوفا بولندا رومانيا بلغاريا المجر التشيك سلوفاكيا
    سلوفينيا البوسنة كوسوفو ألبانيا مقدونيا قبرص مالطا البرتغال بلجيكا النمسا الدنمارك الدنمرك فنلندا أيرلندا إيرلندا
    أيسلندا ليتوانيا لاتفيا إستونيا لوكسمبورغ
    egypt iran iraq syria lebanon jordan palestine israel yemen oman qatar bahrain kuwait turkey libya tunisia algeria
    morocco sudan russia ukraine china japan india pakistan afghanistan france germany britain italy spain canada brazil
    kenya tanzania uganda ethiopia nigeria ghana senegal mexico argentina chile peru colombia venezuela cuba australia
    indonesia malaysia singapore thailand vietnam korea myanmar nepal bangladesh poland romania bulgaria hungary serbia
    croatia greece portugal belgium austria denmark finland ireland sweden norway switzerland netherlands
""")
# Countries whose name is a common word too: دعم مالي, مدرسة بنين, كوبا من الشاي.
COUNTRIES_WITH_COMMON_NAMES = compared_words("مالي بنين كوبا")
CONTINENTS = compared_words("أوروبا أفريقيا إفريقيا آسيا europe africa")

# Nationalities without an article, as a man has them. Beside an office, those of the first list are hardly ever the
# name of a family; of the others, some are: السوداني, الهندي, الأفغاني.
NATIONALITIES_BESIDE_OFFICES = compared_words("""
    أمريكي أميركي روسي بريطاني فرنسي ألماني تركي إيراني سعودي مصري إسرائيلي فلسطيني سوري عراقي لبناني أردني يمني قطري
    إماراتي كويتي بحريني مغربي صيني ياباني أوكراني
""")
NATIONALITIES = NATIONALITIES_BESIDE_OFFICES | compared_words("""
    عماني ليبي تونسي جزائري سوداني موريتاني صومالي جيبوتي هندي باكستاني أفغاني إيطالي إسباني كندي برازيلي سويدي نرويجي
    سويسري صربي كرواتي يوناني هولندي كيني تنزاني أوغندي إثيوبي نيجيري سنغالي مكسيكي أرجنتيني تشيلي كولومبي فنزويلي كوبي
    بوليفي أسترالي نيوزيلندي إندونيسي ماليزي تايلاندي فيتنامي فلبيني بولندي روماني بلغاري مجري تشيكي ألباني قبرصي
    برتغالي بلجيكي نمساوي دنماركي فنلندي أيرلندي
""")
# Two spellings of one nationality, and those who may be called by either name.
NATIONALITIES_ALIKE = tuple(map(compared_words, ("أمريكي أميركي", "فلسطيني إسرائيلي")))


def definite(nationalities: Iterable[str]) -> frozenset[str]:
    """Return nationalities with the article, of a man and of a woman: الروسي, الروسية."""
    return frozenset(with_article(f"{nationality}{ending}") for nationality in nationalities for ending in ("", "ه"))
