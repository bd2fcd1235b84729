"""The parts that need no Slack: the store, and the services that the command line works with too."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.database import ensure_migrated, reachable
from app.domain.playbook import Library
from app.drafting.suggesting.suggesting import Suggester, suggester
from app.knowledge.clocks import clocks_with
from app.knowledge.playbook_files import load_playbooks
from app.knowledge.register_file import load_register
from app.llm.breaker import Breaker
from app.llm.extractive_drafter import ExtractiveDrafter
from app.llm.openai_drafter import OpenAIDrafter
from app.llm.proposals import CarefulProposer
from app.llm.trial_target import OpenAITarget
from app.ports.clock import Clock
from app.ports.observer import UNWATCHED, Observer
from app.scheduler.system_clock import SystemClock
from app.services.clocks.rows import Law
from app.services.drafts.drafts import Drafts
from app.services.postmortems.postmortems import Postmortems
from app.services.records.catalogue import Catalogue
from app.services.records.importing import Importing
from app.services.records.record import Records
from app.services.register import SystemRegister
from app.services.suggestions.readings import Readings
from app.settings import Settings
from app.store.sql_store import SqlStore


@dataclass(frozen=True)
class Workbench:
    """The store and what works on it alone."""

    store: SqlStore
    clock: Clock
    catalogue: Catalogue
    drafts: Drafts
    postmortems: Postmortems
    records: Records
    importing: Importing
    register: SystemRegister
    playbooks: Library
    suggester: Suggester
    readings: Readings | None
    law: Law
    model: OpenAIDrafter | None
    target: OpenAITarget | None

    async def close(self) -> None:
        """Close every connection."""
        if self.model is not None:
            await self.model.close()
        if self.target is not None:
            await self.target.close()
        await self.store.close()


def build_workbench(settings: Settings, clock: Clock, observer: Observer = UNWATCHED) -> Workbench:
    """The parts, wired; nothing is connected yet. Raises BadSetup for an address or file that can't be used."""
    store, model = SqlStore(settings.database_url), model_drafter(settings)
    breaker = Breaker(model) if model is not None else None
    knowing = suggester(settings.playbooks_dir)
    drafts = Drafts(
        store,
        clock,
        rules=ExtractiveDrafter(),
        model=breaker,
        restricted_allowed=settings.llm_restricted_incidents == "allow",
        observer=observer,
        tokens_per_incident=settings.llm_tokens_per_incident,
        tokens_per_day=settings.llm_tokens_per_day,
    )
    return Workbench(
        store=store,
        clock=clock,
        catalogue=Catalogue(store),
        drafts=drafts,
        postmortems=Postmortems(store, clock, drafts),
        records=Records(store, settings.update_cadence),
        importing=Importing(store, clock),
        register=SystemRegister(store, clock, load_register(settings.register_file)),
        playbooks=load_playbooks(settings.playbooks_dir),
        suggester=knowing,
        readings=Readings(drafts, CarefulProposer(model, breaker), knowing) if model and breaker else None,
        law=Law(clocks_with(settings.playbooks_dir), ZoneInfo(settings.time_zone), settings.holidays),
        model=model,
        target=trial_target(settings),
    )


@asynccontextmanager
async def open_workbench(settings: Settings) -> AsyncIterator[Workbench]:
    """A workbench on a migrated database, for one command. Raises BadSetup when the database can't be used."""
    await ensure_migrated(settings.database_url)
    workbench = build_workbench(settings, SystemClock())
    try:
        with reachable():
            yield workbench
    finally:
        await workbench.close()


def model_drafter(settings: Settings) -> OpenAIDrafter | None:
    """The drafter of the configured model, None where none is configured."""
    if not settings.has_model or settings.openai_model is None:
        return None
    key = settings.openai_api_key
    return OpenAIDrafter(
        model=settings.openai_model,
        api_key=key.get_secret_value() if key is not None else None,
        base_url=settings.openai_base_url,
    )


def trial_target(settings: Settings) -> OpenAITarget | None:
    """The system that trials may ask, None where none is configured."""
    if settings.trial_base_url is None or settings.trial_model is None:
        return None
    key = settings.trial_api_key
    return OpenAITarget(settings.trial_base_url, settings.trial_model, key.get_secret_value() if key else None)
