"""Each check hits the example it names and spares its neighbour."""

from __future__ import annotations

from messages_of_a_shop import SEEDS, child, real

from anchorset.core.case import Context
from anchorset.core.provenance import Step
from anchorset.qualify.checks.cell_match import CellMatch
from anchorset.qualify.checks.distance_band import DistanceBand
from anchorset.qualify.checks.format_length import FormatLength
from anchorset.qualify.checks.format_schema import FormatSchema
from anchorset.qualify.checks.grounding_quote import GroundingQuote
from anchorset.qualify.checks.language_expected import LanguageExpected
from anchorset.qualify.checks.privacy_pii import PrivacyPii
from anchorset.qualify.checks.privacy_seed_copy import PrivacySeedCopy
from anchorset.qualify.checks.relation_holds import RelationHolds
from anchorset.qualify.checks.safety_offensive import SafetyOffensive
from anchorset.qualify.checks.topic_forbidden import TopicForbidden

LATE, BROKEN = SEEDS[0], SEEDS[8]


def test_a_control_character_and_an_invisible_text_are_no_case(says) -> None:
    assert says(FormatSchema(), child("where is \x00 my parcel", LATE)).says == "reject"
    assert says(FormatSchema(), child("\u200b \u200b", LATE)).says == "reject"
    assert says(FormatSchema(), child("where\nis\tmy parcel", LATE)).says == "pass"


def test_a_chat_of_answers_alone_and_a_stray_tool_answer_are_no_case(says) -> None:
    answers = [{"role": "assistant", "content": "how can i help"}]
    stray = [{"role": "user", "content": "hi"}, {"role": "tool", "content": "30 days", "tool_call_id": "c9"}]
    good = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]
    assert says(FormatSchema(), child(answers, kind="chat")).says == "reject"
    assert "'c9' that nobody made" in says(FormatSchema(), child(stray, kind="chat")).evidence
    assert says(FormatSchema(), child(good, kind="chat")).says == "pass"


def test_length_is_held_against_the_seeds_and_attacks_get_room(says, crowd) -> None:
    low, high = crowd.length_band
    assert says(FormatLength(), child("x" * (low - 1) or "", LATE)).says == "reject"
    essay = "my parcel is late " * 60
    assert len(essay) > high
    assert says(FormatLength(), child(essay, LATE)).says == "reject"
    assert says(FormatLength(), child(essay, LATE, technique="redteam")).says == "pass"


def test_a_configured_length_overrides_the_measured_one(says, make_crowd) -> None:
    strict = make_crowd(max_length=20)
    assert says(FormatLength(), child("where is my parcel please", LATE), strict).says == "reject"


def test_a_german_candidate_for_an_english_seed_is_rejected_and_a_short_one_is_not_judged(says) -> None:
    german = child("ich warte seit neun Tagen auf mein Paket und niemand meldet sich bei mir", LATE)
    assert says(LanguageExpected(), german).says == "reject"
    assert says(LanguageExpected(), child("ok?", LATE)).says == "not_run"
    assert says(LanguageExpected(), child("my order has not come and nobody answers the phone", LATE)).says == "pass"


def test_a_german_candidate_is_fine_when_its_parent_is_german(says, make_crowd) -> None:
    parent = real("wo bleibt denn mein Paket, es sollte schon am Montag hier sein")
    both = make_crowd((*SEEDS, parent))
    german = child("wo bleibt mein Paket denn, es sollte doch schon am Montag hier sein", parent)
    assert says(LanguageExpected(), german, both).says == "pass"


def test_private_details_are_rejected_and_inherited_ones_flagged(says, make_crowd) -> None:
    leaking = "write to kim.doe@example.org about my parcel"
    assert says(PrivacyPii(), child(leaking, LATE)).says == "reject"
    parent = real(leaking)
    assert says(PrivacyPii(), child(leaking + " now", parent), make_crowd((*SEEDS, parent))).says == "flag"
    assert says(PrivacyPii(), child("where is order #4481, i paid $40 on 3 May", LATE)).says == "pass"


def test_a_made_up_name_is_flagged_and_not_rejected(says) -> None:
    assert says(PrivacyPii(), child("my name is Kim Doe and my parcel is late", LATE)).says == "flag"


def test_another_customer_s_whole_sentence_is_a_copy_and_the_parent_s_is_not(says) -> None:
    held = f"hello, {BROKEN.input.upper()}! thanks"
    assert says(PrivacySeedCopy(), child(held, LATE, technique="remix")).says == "reject"
    assert says(PrivacySeedCopy(), child(held, BROKEN, technique="redteam")).says == "pass"
    assert says(PrivacySeedCopy(), child("the mug came in two colours, nice", LATE)).says == "pass"


def test_threats_are_rejected_and_swearing_passes(says) -> None:
    assert says(SafetyOffensive(), child("i will kill you if my parcel is late", LATE)).says == "reject"
    assert says(SafetyOffensive(), child("where the hell is my damn parcel", LATE)).says == "pass"


def test_a_forbidden_topic_is_found_as_words_and_without_a_list_nothing_is_judged(says, make_crowd) -> None:
    strict = make_crowd(forbidden_topics=("cooking recipe",))
    assert says(TopicForbidden(), child("a cooking tip or recipe while i wait", LATE), strict).says == "reject"
    assert says(TopicForbidden(), child("the cookie recipient is wrong", LATE), strict).says == "pass"
    assert says(TopicForbidden(), child("anything", LATE)).says == "not_run"


def test_a_quotation_has_to_stand_in_the_context_and_offsets_have_to_fit(says) -> None:
    text = "Goods may be returned within 30 days of delivery."
    span = Context(doc="policy.md", sha256="00", start=0, end=len(text), text=text)
    good = 'It says "returned within 30 days" there.'
    assert says(GroundingQuote(), child("how long", LATE, expected=good, context=(span,))).says == "pass"
    wrong = good.replace("30", "60")
    assert says(GroundingQuote(), child("how long", LATE, expected=wrong, context=(span,))).says == "reject"
    shifted = span.model_copy(update={"end": 9})
    assert says(GroundingQuote(), child("how long", LATE, context=(shifted,))).says == "reject"
    assert says(GroundingQuote(), child("how long", LATE)).says == "not_run"


def test_a_candidate_nearer_to_another_cell_is_flagged_never_rejected(says) -> None:
    stray = child("the lamp is broken, cracked and does not switch on", LATE)
    finding = says(CellMatch(), stray)
    assert finding.says == "flag"
    assert "policy=broken" in finding.evidence
    assert says(CellMatch(), child("the lamp is broken and does not switch on", BROKEN)).says == "pass"


def test_one_cell_has_no_neighbour_to_fit_better(says, make_crowd) -> None:
    lone = make_crowd(tuple(real(seed.input) for seed in SEEDS))
    assert says(CellMatch(), child("anything", LATE, metadata={}), lone).says == "not_run"


def test_a_stranger_to_all_seeds_is_too_far_and_an_attack_may_be(says) -> None:
    klingon = "nuqneH tlhIngan Hol Dajatlh'a' qaStaH nuq Qapla'"
    assert says(DistanceBand(), child(klingon, LATE, technique="remix")).says == "reject"
    assert says(DistanceBand(), child(klingon, LATE, technique="redteam")).says == "pass"
    assert says(DistanceBand(), child("where is my parcel, it should be here by monday", LATE)).says == "pass"


def test_the_number_used_is_stored_with_the_finding(says, crowd) -> None:
    finding = says(DistanceBand(), child("my order still has not come", LATE))
    assert finding.threshold == round(crowd.band.too_far, 4)
    assert finding.score is not None


def test_an_invariant_mutation_that_loses_a_negation_or_a_number_is_rejected(says) -> None:
    parent = SEEDS[1]
    assert says(RelationHolds(), child("my order still has come and nobody answers", parent)).says == "reject"
    assert says(RelationHolds(), child("my ordr still has not come and nobody answers", parent)).says != "reject"
    numbered = SEEDS[3]
    assert says(RelationHolds(), child(numbered.input.replace("nine", "ten"), numbered)).says == "reject"


def test_a_change_that_was_announced_is_not_held_against_a_mutation(says) -> None:
    announced = (Step(operator="entity.number", relation="changed"),)
    parent = SEEDS[3]
    assert says(RelationHolds(), child(parent.input.replace("nine", "ten"), parent, steps=announced)).says == "not_run"


def test_an_operator_that_adds_words_may_add_facts_and_lose_none(says) -> None:
    aside = (Step(operator="sentence.aside", relation="invariant"),)
    parent = SEEDS[3]
    added = parent.input + ". not sure that i wrote this 2 times"
    assert says(RelationHolds(), child(added, parent, steps=aside)).says != "reject"
    assert says(RelationHolds(), child(added.replace("nine", "ten"), parent, steps=aside)).says == "reject"
    assert says(RelationHolds(), child(added, parent)).says == "reject"
