"""A personnel system on PyPI scim2-client, with typed resources: 500 people join, 100 move, 50 leave; reconciliation proves what came of it."""

import asyncio
import dataclasses
from functools import partial

from httpx2 import AsyncClient, AsyncHTTPTransport
from scim2_client.engines.httpx2 import AsyncSCIMClient
from scim2_models import PatchOp, PatchOperation, SearchRequest

from lib.forms import checking, drive
from lib.scim import DELEGATE_WITH_ACCESS, OPERATOR, base, service, token

JOINERS, MOVERS, LEAVERS = 500, 100, 50
AT_A_TIME = 4
PAGE = 200
DOMAIN = "@staff.bank-b.example"


ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CHAMBERLAIN = "urn:ietf:params:scim:schemas:extension:chamberlain:2.0:User"


@dataclasses.dataclass(frozen=True)
class Employee:
    """Somebody as the personnel system has them."""

    number: str
    family_name: str
    department: str
    organisation: str
    employed: bool = True

    @property
    def address(self):
        return self.number.lower() + DOMAIN

    @property
    def facts(self):
        """What the provider is to have: values by path."""
        return {
            "externalId": self.number,
            "active": self.employed,
            "name.givenName": "Pat",
            "name.familyName": self.family_name,
            f"{ENTERPRISE}:department": self.department,
            f"{CHAMBERLAIN}:organisation": self.organisation,
        }

    def differences(self, known):
        """What has to be changed of somebody at the provider."""
        return [replaced(path, value) for path, value in self.facts.items() if known[path] != value]


def replaced(path, value):
    return PatchOperation(op=PatchOperation.Op.replace_, path=path, value=value)


class Patient(AsyncHTTPTransport):
    """Sends again what was put off, after the wait that is asked for (RFC 9110 section 10.2.3): it was not carried out."""

    async def handle_async_request(self, request):
        for _ in range(10):
            answer = await super().handle_async_request(request)
            wait = answer.headers.get("Retry-After")
            if answer.status_code not in (429, 503) or wait is None or int(wait) > 60:
                return answer
            await answer.aclose()
            await asyncio.sleep(int(wait))
        return answer


class Provider:
    """The service provider, with a service's token; the types of resources are those that it describes."""

    def __init__(self, demo, client_id):
        headers = {"Authorization": "Bearer " + token(demo, service(demo, client_id))}
        http = AsyncClient(base_url=base(demo), headers=headers, transport=Patient(), timeout=60)
        self.scim = AsyncSCIMClient(http)
        self.gate = asyncio.Semaphore(AT_A_TIME)

    async def meet(self):
        await self.scim.discover()
        self.person, self.place = map(self.scim.provider.model_for, ("User", "Organization"))
        return self

    async def all(self, model, condition=None):
        """All resources that satisfy a filter, page after page."""
        found = []
        while True:
            page = await self.scim.query(model, query_parameters=SearchRequest(start_index=len(found) + 1, count=PAGE, filter=condition))
            found.extend(page.resources or [])
            if len(found) >= page.total_results or not page.resources:
                assert len(found) == page.total_results, f"{len(found)} of {page.total_results}"
                return found

    async def staff(self):
        return await self.all(self.person, f'userName ew "{DOMAIN}"')

    async def colleagues(self):
        """The customer's other people, and as which versions they are there."""
        return {one.id: one.meta.version for one in await self.all(self.person, f'not (userName ew "{DOMAIN}")')}

    async def create(self, employee):
        person = self.person(user_name=employee.address)
        for path, value in employee.facts.items():
            person[path] = value
        person["emails"] = [{"value": employee.address, "type": "work", "primary": True}]
        async with self.gate:
            made = await self.scim.create(person)
        assert not employee.differences(made), made

    async def change(self, known, operations):
        """By the version that was read: the client sends it as `If-Match`."""
        async with self.gate:
            await self.scim.modify(known, PatchOp[self.person](operations=operations))


async def reconcile(provider, staff):
    """Brings the provider in step with the list; what had to be done for whom."""
    known = {person.external_id: person for person in await provider.staff()}
    assert known.keys() <= {employee.number for employee in staff}, "somebody too many"
    joiners = [employee for employee in staff if employee.number not in known]
    changes = {one.number: one.differences(known[one.number]) for one in staff if one.number in known}
    changes = {number: operations for number, operations in changes.items() if operations}
    await asyncio.gather(*map(provider.create, joiners))
    await asyncio.gather(*(provider.change(known[number], operations) for number, operations in changes.items()))
    return {employee.number for employee in joiners}, changes


async def story(demo, check):
    provider = await Provider(demo, DELEGATE_WITH_ACCESS).meet()
    places = {one.name: one.id for one in await provider.all(provider.place)}
    colleagues = await provider.colleagues()
    staff = [Employee(f"T-{number}", f"Person{number}", "Branch", places["Bank B"]) for number in range(JOINERS)]

    with check(f"{JOINERS} join"):
        joined, changes = await reconcile(provider, staff)
        assert (len(joined), changes) == (JOINERS, {}), changes
        assert await reconcile(provider, staff) == (set(), {}), "a second run does something"

    with check(f"{MOVERS} move"):
        moved = {"department": "Trading", "organisation": places["Bank B Frankfurt"]}
        staff[:MOVERS] = [dataclasses.replace(employee, **moved) for employee in staff[:MOVERS]]
        joined, changes = await reconcile(provider, staff)
        assert (joined, len(changes)) == (set(), MOVERS), joined
        assert all(len(operations) == len(moved) for operations in changes.values()), changes

    # Some of them have moved before.
    leaving = slice(MOVERS - 10, MOVERS - 10 + LEAVERS)
    with check(f"{LEAVERS} leave"):
        staff[leaving] = [dataclasses.replace(employee, employed=False) for employee in staff[leaving]]
        joined, changes = await reconcile(provider, staff)
        assert (joined, len(changes)) == (set(), LEAVERS), joined

    with check("everybody is as the list says, and nobody else was touched"):
        found = await provider.staff()
        assert len({person.id for person in found}) == len(found) == JOINERS, f"{len(found)} people"
        known = {person.external_id: person for person in found}
        assert all(known[employee.number].user_name == employee.address and not employee.differences(known[employee.number]) for employee in staff)
        assert len(await provider.all(provider.person, f'userName ew "{DOMAIN}" and active eq false')) == LEAVERS
        assert await provider.colleagues() == colleagues, "colleagues"

    with check("what somebody else changed is put right, and is not overwritten by who has not seen it"):
        other = await Provider(demo, OPERATOR).meet()
        back, renamed = staff[leaving][0], staff[-1]
        known = {person.user_name: person for person in await provider.staff()}
        # An `externalId` is of the client that set it: the other one knows people by their names.
        theirs = {person.user_name: person for person in await other.staff()}
        await other.change(theirs[back.address], [replaced("active", True)])
        await other.change(theirs[renamed.address], [replaced("name.familyName", "Other")])
        title = PatchOp[provider.person](operations=[replaced("title", "Late")])
        late = await provider.scim.modify(known[renamed.address], title, raise_scim_errors=False)
        assert late is not None and late.status == 412, late
        joined, changes = await reconcile(provider, staff)
        assert (joined, changes.keys()) == (set(), {back.number, renamed.number}), changes
        assert await reconcile(provider, staff) == (set(), {}), "not in step"


def main(demo):
    asyncio.run(story(demo, partial(checking, f"scim2-client on {demo['engine']}")))


if __name__ == "__main__":
    drive(main)
