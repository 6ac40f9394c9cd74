"""A name does not prove what is said of another thing whose name has a word, a letter or a number more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import build_index
from index.language.namesakes import marked_names
from index.model.load_reader import load_reader
from index.model.reading import READER_NAME, Reader
from index.model.types import Embedder
from qa.answerer import Answerer
from qa.check.draft import Draft
from qa.opening import open_answerer

# Two sentences, neither of which proves the other.
OTHERS = (
    ("طرحت شركة البريد نموذج GPT-4o mini على الموظفين.", "طرحت شركة البريد نموذج GPT-4o على الموظفين."),
    ("أهدى النادي الفائز هاتف iPhone XS في الحفل.", "أهدى النادي الفائز هاتف iPhone X في الحفل."),
    ("اشترت المدرسة هاتف iPhone 15 Pro للمدير.", "اشترت المدرسة هاتف iPhone 15 للمدير."),
    ("باع المتجر هاتف غالاكسي إس 22 ألترا بالتقسيط.", "باع المتجر هاتف غالاكسي إس 22 بالتقسيط."),
    ("صادر الجمرك هاتف آيفون إكس إس من المسافر.", "صادر الجمرك هاتف آيفون إكس من المسافر."),
    ("سلّمت موسكو مقاتلات Su-57 إلى الجزائر.", "سلّمت موسكو مقاتلات Su-35 إلى الجزائر."),
    ("نشرت دمشق منظومة إس-300 قرب الساحل.", "نشرت دمشق منظومة إس-400 قرب الساحل."),
    ("طلبت أنقرة طائرات F-16V من واشنطن.", "طلبت أنقرة طائرات F-16 من واشنطن."),
    ("طلبت أثينا طائرات إف-16 من باريس.", "طلبت أثينا طائرات إف-35 من باريس."),
    ("عقدت مجموعة G20 قمتها في روما.", "عقدت مجموعة G7 قمتها في روما."),
    ("بثّت القناة الثانية المباراة كاملة.", "بثّت القناة الأولى المباراة كاملة."),
    ("عرضت القناة الثانية عشرة المسلسل كاملا.", "عرضت القناة الثانية المسلسل كاملا."),
    ("فاز الحزب الديمقراطي الكردستاني بمقاعد أربيل.", "فاز الحزب الديمقراطي بمقاعد أربيل."),
    ("أطلقت كوريا الشمالية صاروخا نحو البحر.", "أطلقت كوريا الجنوبية صاروخا نحو البحر."),
    ("أغلقت غينيا بيساو حدودها مع السنغال.", "أغلقت غينيا حدودها مع السنغال."),
    ("صدّرت غينيا الاستوائية النفط إلى البرازيل.", "صدّرت غينيا النفط إلى البرازيل."),
    ("أعلن جنوب السودان هدنة مع المتمردين.", "أعلن السودان هدنة مع المتمردين."),
    ("تفشّى الوباء في جمهورية الكونغو الديمقراطية سريعا.", "تفشّى الوباء في جمهورية الكونغو سريعا."),
    ("أُعيد فرز الأصوات في ولاية جورجيا.", "أُعيد فرز الأصوات في جورجيا."),
    ("رفعت قبرص الشمالية أسعار الكهرباء.", "رفعت قبرص أسعار الكهرباء."),
    ("اجتمع مجلس الأمن القومي لبحث الهجوم.", "اجتمع مجلس الأمن لبحث الهجوم."),
    ("سيطر الجيش السوري الحر على الطريق.", "سيطر الجيش السوري على الطريق."),
    ("أوقفت الشرطة نبيل الخوري الابن في المطار.", "أوقفت الشرطة نبيل الخوري في المطار."),
    ("خسر منتخب مصر تحت 23 عاما في طنجة.", "خسر منتخب مصر في طنجة."),
    ("The ferry company leased the Boeing 737 Max yesterday.", "The ferry company leased the Boeing 737 yesterday."),
    ("The museum bought an iPhone XS for the guide.", "The museum bought an iPhone X for the guide."),
    ("Heavy rain closed schools in Guinea-Bissau again.", "Heavy rain closed schools in Guinea again."),
    ("South Sudan welcomed the envoy of the union.", "Sudan welcomed the envoy of the union."),
)
# More of them: models, units and armies, teams of a club, channels, parties, companies, people of one family, new
# places and universities.
OTHERS_SINCE = (
    ("كشفت الشركة عن دبابة T-90M في المعرض.", "كشفت الشركة عن دبابة T-90 في المعرض."),
    ("أسقطت الدفاعات طائرة شاهد 136 فوق أوديسا.", "أسقطت الدفاعات طائرة شاهد 131 فوق أوديسا."),
    ("نصبت برلين منظومة باتريوت باك 3 شرق البلاد.", "نصبت برلين منظومة باتريوت باك 2 شرق البلاد."),
    ("عرضت الشركة هاتف غالاكسي زد فولد في سيول.", "عرضت الشركة هاتف غالاكسي زد فليب في سيول."),
    ("اشترى الزائر هاتف Pixel 8a من المطار.", "اشترى الزائر هاتف Pixel 8 من المطار."),
    ("دخلت الفرقة الرابعة المدرعة ضاحية دوما.", "دخلت الفرقة الأولى المدرعة ضاحية دوما."),
    ("انسحب اللواء 444 من قاعدة تمنهنت.", "انسحب اللواء 111 من قاعدة تمنهنت."),
    ("قصف الجيش الوطني الليبي مواقع في سرت.", "قصف الجيش الليبي مواقع في سرت."),
    ("The 82nd Airborne Division landed near the harbour.", "The 101st Airborne Division landed near the harbour."),
    ("تعادل شباب الأهلي مع فريق المنصورة.", "تعادل الأهلي مع فريق المنصورة."),
    ("خسر الزمالك للناشئين أمام إنبي في الإسكندرية.", "خسر الزمالك أمام إنبي في الإسكندرية."),
    ("Barcelona B signed a goalkeeper from Ghana.", "Barcelona signed a goalkeeper from Ghana."),
    ("Ajax U19 lost the final in Nyon.", "Ajax lost the final in Nyon."),
    ("أحرزت سيدات الوداد لقب البطولة في أكادير.", "أحرز الوداد لقب البطولة في أكادير."),
    ("بثّت قناة الجزيرة مباشر جلسة البرلمان كاملة.", "بثّت قناة الجزيرة جلسة البرلمان كاملة."),
    ("نقلت إم بي سي مصر الحفل الختامي.", "نقلت إم بي سي الحفل الختامي."),
    ("BBC Two cancelled the cooking show.", "BBC One cancelled the cooking show."),
    ("انسحب حزب الشعب الجمهوري من الجلسة.", "انسحب حزب الشعب من الجلسة."),
    ("The Socialist Workers Party opposed the treaty.", "The Workers Party opposed the treaty."),
    ("رفعت هيونداي للصناعات الثقيلة أجور عمالها.", "رفعت هيونداي أجور عمالها."),
    ("باعت سامسونغ للتأمين مقرها في سيول.", "باعت سامسونغ مقرها في سيول."),
    ("Sony Music sued the singer in Tokyo.", "Sony sued the singer in Tokyo."),
    ("استقبل رفعت الأسد وفدا من الجالية.", "استقبل بشار الأسد وفدا من الجالية."),
    ("Kim Jong-il inspected the new museum.", "Kim Jong-un inspected the new museum."),
    ("هدمت الجرافات منزلا في القدس الشرقية.", "هدمت الجرافات منزلا في القدس الغربية."),
    ("انقطعت المياه عن المنيا الجديدة.", "انقطعت المياه عن المنيا."),
    ("A storm hit New Mexico on Friday.", "A storm hit Mexico on Friday."),
    ("عاد سعد رفيق الحريري إلى بيروت.", "عاد رفيق الحريري إلى بيروت."),
    ("حضر جورج بوش الأب الجنازة.", "حضر جورج بوش الجنازة."),
    ("استقبل محمد بن راشد الوزير في دبي.", "استقبل راشد بن محمد الوزير في دبي."),
    ("أغلقت جامعة بيرزيت أبوابها أسبوعا.", "أغلقت بيرزيت أبوابها أسبوعا."),
    ("The University of Leeds banned diesel cars.", "Leeds banned diesel cars."),
    ("أقلعت طائرة Su-30MK من القاعدة ليلا.", "أقلعت طائرة Su-30 من القاعدة ليلا."),
    ("اقتنى المتحف هاتف نوكيا 3310 من هاو.", "اقتنى المتحف هاتف نوكيا 3210 من هاو."),
    ("The lab tested the Tesla Model Y in snow.", "The lab tested the Tesla Model X in snow."),
    ("هاجم الجيش الوطني السوري قرية عين عيسى.", "هاجم الجيش السوري قرية عين عيسى."),
    ("The Free Syrian Army seized the border post.", "The Syrian army seized the border post."),
    ("وصل الفوج العشرون إلى الميناء.", "وصل الفوج العاشر إلى الميناء."),
    ("تأهل شباب الوحدات إلى الدور التالي.", "تأهل الوحدات إلى الدور التالي."),
    ("Chelsea Women drew at home on Sunday.", "Chelsea drew at home on Sunday."),
    ("انتقل الحارس إلى ليفربول للناشئين.", "انتقل الحارس إلى ليفربول."),
    ("عرضت قناة الجزيرة الوثائقية الفيلم مساء.", "عرضت قناة الجزيرة الفيلم مساء."),
    ("حاورت قناة العربية الحدث الوزير السابق.", "حاورت قناة العربية الوزير السابق."),
    ("قاطع الحزب الاشتراكي الموحد الجلسة.", "قاطع الحزب الاشتراكي الجلسة."),
    ("The Kurdistan Democratic Party welcomed the vote.", "The Democratic Party welcomed the vote."),
    ("طلبت مصر للطيران عشر طائرات.", "طلبت مصر عشر طائرات."),
    ("Universal Music raised its prices in Lagos.", "Universal raised its prices in Lagos."),
    ("أسست بهية الحريري مدرسة في صيدا.", "أسس سعد الحريري مدرسة في صيدا."),
    ("دشّن فيصل بن تركي المعرض.", "دشّن تركي بن فيصل المعرض."),
    ("Malia Obama filmed a documentary in Rome.", "Barack Obama filmed a documentary in Rome."),
    ("سقطت قذيفة على ريف حلب الشمالي.", "سقطت قذيفة على ريف حلب الجنوبي."),
    ("Fires closed two roads in West Virginia.", "Fires closed two roads in Virginia."),
    ("خفضت جامعة سوسة رسومها.", "خفضت سوسة رسومها."),
    ("Bristol University bought the old docks.", "Bristol bought the old docks."),
    ("صافح حافظ بشار الأسد الضيوف.", "صافح بشار الأسد الضيوف."),
    ("افتُتح فندق في أسوان الجديدة.", "افتُتح فندق في أسوان."),
)
# What is said of one thing, with and without a word that its name may lack.
SAME = (
    ("قدّم الحزب الجمهوري الأمريكي مشروع القانون.", "قدّم الحزب الجمهوري مشروع القانون."),
    ("زار الوفد ولاية جورجيا الأمريكية لتفقد المصنع.", "زار الوفد ولاية جورجيا لتفقد المصنع."),
    ("عرض المعرض هاتف iPhone XS للزوار.", "عرض المعرض هاتف iPhone للزوار."),
    ("سجّلت كوريا الشمالية إصابات بالحمى.", "سجّلت كوريا الشمالية إصابات بالحمى."),
    ("أسقطت الدفاعات طائرة شاهد-136 فوق خاركيف.", "أسقطت الدفاعات طائرة شاهد 136 فوق خاركيف."),
    ("هزم ريال مدريد الإسباني فريق غرناطة بهدفين.", "هزم ريال مدريد فريق غرناطة بهدفين."),
    ("زار الرئيس السوري بشار الأسد مسقط.", "زار بشار الأسد مسقط."),
    ("غطّت قناة الجزيرة القطرية الانتخابات النيجيرية.", "غطّت قناة الجزيرة الانتخابات النيجيرية."),
    ("افتتحت شركة سامسونغ الكورية مصنعا في بولندا.", "افتتحت سامسونغ مصنعا في بولندا."),
    ("أُغلقت المدارس في مدينة القدس الشرقية المحتلة.", "أُغلقت المدارس في القدس الشرقية."),
    ("رفض حزب العمال البريطاني الميزانية.", "رفض حزب العمال الميزانية."),
    ("President George W. Bush visited Accra.", "George W. Bush visited Accra."),
    ("تعاقد النادي الأهلي مع مدرب برتغالي.", "تعاقد الأهلي مع مدرب برتغالي."),
    ("كرّمت جامعة بيرزيت الفلسطينية الشاعرة.", "كرّمت جامعة بيرزيت الشاعرة."),
    ("تقدّمت قوات الجيش الوطني الليبي نحو الكفرة.", "تقدّم الجيش الوطني الليبي نحو الكفرة."),
    ("استقال مدير هيونداي موتور الكورية الجنوبية.", "استقال مدير هيونداي موتور."),
    ("The Leeds-based University of Leeds hired a dean.", "The University of Leeds hired a dean."),
    ("The British Green Party opposed the dam.", "The Green Party opposed the dam."),
    ("ودّع الأمير خالد الرئيس الغاني، واستقبل الأمير فيصل بن مشعل الرئيس الكيني.", "استقبل الأمير فيصل الرئيس الكيني."),
)


def answerer_over(folder: Path, texts: list[str], embedder: Embedder, reader: Reader | None = None) -> Answerer:
    """Answers from one article a text."""
    lines = [json.dumps({"id": str(number), "text": text}) for number, text in enumerate(texts)]
    (folder / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert build_index.main([str(folder / "a.jsonl"), "--index-dir", str(folder / "index")]) == 0
    return open_answerer(folder / "index", embedder, reader)


@pytest.fixture(scope="module", params=["without the reader", "with the reader"])
def answerers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, embedder: Embedder
              ) -> list[Answerer]:
    """Answers from the first sentences of the pairs, and from the second ones.

    The reader has the entailment model with it.
    """
    reader = load_reader(READER_NAME) if request.param == "with the reader" else None
    pairs = (*OTHERS, *OTHERS_SINCE, *SAME)
    return [answerer_over(tmp_path_factory.mktemp("namesakes"), [pair[side] for pair in pairs], embedder, reader)
            for side in (0, 1)]


def verdict(answerer: Answerer, text: str) -> str:
    (checked,) = answerer.check(Draft.parse(text)).claims
    return checked.verdict


@pytest.mark.index
@pytest.mark.slow
@pytest.mark.model
@pytest.mark.process
@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("pair", [*OTHERS, *OTHERS_SINCE], ids=[pair[0] for pair in (*OTHERS, *OTHERS_SINCE)])
def test_another_thing_of_the_same_name_proves_nothing(
        answerers: list[Answerer], pair: tuple[str, str], side: int) -> None:
    assert verdict(answerers[side], pair[1 - side]) not in ("supported", "not_checkable")
    assert verdict(answerers[side], pair[side]) == "supported"


@pytest.mark.index
@pytest.mark.slow
@pytest.mark.model
@pytest.mark.process
@pytest.mark.parametrize("pair", SAME, ids=[pair[0] for pair in SAME])
def test_the_same_thing_may_be_named_with_less(answerers: list[Answerer], pair: tuple[str, str]) -> None:
    assert verdict(answerers[0], pair[1]) == "supported"


@pytest.mark.parametrize(("text", "marked"), [
    ("GPT-4o mini", {("code", "gpt"): ("4", "o"), ("word", "o"): ("mini",)}),
    ("iPhone XS", {("model", "iphone"): ("xs",)}),
    ("ولاية جورجيا الأميركية", {("state", "georgia"): ("other",)}), ("جورجيا", {}), ("للسودان", {}),
    ("دولة جنوب السودان", {("state", "sudan"): ("جنوب",)}), ("أحكمت القوات", {}), ("خمسة عشر", {}),
    ("the air force, plus two", {}), ("قتل الأب ابنه", {("word", "قتل"): ("الاب",)}), ("", {}),
    ("الجيش الوطني الليبي", {("army",): ("الوطني",)}), ("الجيش الوطني الشعبي الجزائري", {}), ("الجيش اللبناني", {}),
    ("محمد حسني مبارك", {("family", "مبارك"): ("حسني",)}), ("سعد رفيق الحريري", {("family", "الحريري"): ("سعد",)}),
    ("محمد بن سلمان ترامب", {}), ("The new car", {}), ("Mexico", {}), ("New drones", {}),
    ("شباب الأهلي", {("word", "الاهلي"): ("شباب",)}), ("شباب في", {}),
    ("The US returned the vase. President Kim left.", {}), ("BBC One", {("hyphened", "bbc"): ("one",)}),
    ("The university closed two halls.", {}), ("The British Green Party", {}),
    ("The Kurdish Green Party", {("party", "green"): ("kurdish",)}),
    ("جرح اثنان من الجيش ومن الحرس الوطني", {}), ("the National Guard and the Syrian army", {}),
    ("الخوري جونيور", {("word", "الخوري"): ("junior",)}), ("الخوري الابن", {("word", "الخوري"): ("junior",)}),
])
def test_what_tells_a_name_from_its_namesakes(text: str, marked: dict[tuple[str, ...], tuple[str, ...]]) -> None:
    assert {each.key: each.mark for each in marked_names(text) if each.mark} == marked
