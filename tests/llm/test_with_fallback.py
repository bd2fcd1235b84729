"""A draft always appears: by the model, or by the rules with the reason."""

from app.llm.extractive_drafter import ExtractiveDrafter
from app.llm.openai_drafter import OpenAIDrafter
from app.llm.with_fallback import FallbackDrafter
from app.ports.drafter import DrafterAccount
from tests.drafting import evidences

RECORD = evidences.evidence(evidences.said("31 customers were shown foreign orders"))


async def test_when_the_model_fails_the_rules_draft_and_say_why():
    model = OpenAIDrafter("m", base_url="http://127.0.0.1:9/v1", timeout_seconds=5)
    drafter = FallbackDrafter(model, ExtractiveDrafter())
    update, postmortem = await drafter.draft_update(RECORD), await drafter.draft_postmortem(RECORD)
    await model.close()
    note = "The model could not draft (could not be reached); this draft was made without it."
    assert update.account == postmortem.account == DrafterAccount("extractive", note=note)


async def test_when_the_first_drafts_the_second_is_not_asked():
    drafter = FallbackDrafter(ExtractiveDrafter(), OpenAIDrafter("m", base_url="http://127.0.0.1:9/v1"))
    assert (await drafter.draft_update(RECORD)).account.note == ""
