"""PyPI scim2-tester, unmodified, as two services: one that may do everything which the tester tries, manage people and the
groups of one environment; and the personnel system of one customer, which manages the people of its subtree alone."""

import re

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

from lib.forms import checks, drive
from lib.scim import DELEGATE, OPERATOR, base, service, token

# The checks that begin by creating something.
CREATING = {
    *("object_creation", "object_query", "object_query_without_id", "object_query_with_attributes", "object_list_with_attributes"),
    *("search_with_attributes", "object_replacement", "object_deletion"),
    *("check_add_attribute", "check_remove_attribute", "check_replace_attribute"),
}
# The tester makes up all values of what it creates. That does not do for organisations and applications, which are only read (405), nor for
# memberships, role assignments, nominations and invitations, which name people, roles and addresses that have to be there (400, 404; some of what it
# makes up its own models do not take). Each check that begins by creating one has to be refused in one of these ways, no more and no
# fewer; reading them is among the good ones.
READ_ONLY = "this address does not take this method"
MADE_UP = r"there is no such resource|names what is not there|`\w+` must be an (id|e-mail address|instant)|validation errors? for (Membership|RoleAssignment|Nomination|Invitation)"
OF_ALL = {"Organization": READ_ONLY, "Application": READ_ONLY, "Membership": MADE_UP, "RoleAssignment": MADE_UP, "Nomination": MADE_UP, "Invitation": MADE_UP}
# The groups belong to the applications: whoever manages people alone makes none.
OF_A_DELEGATE = {**OF_ALL, "Group": "you do not manage the groups of any application"}
# Who asks, what is refused, and how many checks must have gone well at least.
CALLERS = [("an operator's client", OPERATOR, OF_ALL, 180), ("a delegate's client", DELEGATE, OF_A_DELEGATE, 150)]
GOOD = (Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE)


def tested(demo, client_id):
    """All results. One kind of resource after the other, as after each check the tester deletes again all that it ever created in a run; what
    it checks besides the resources, it checks once."""
    headers = {"Authorization": "Bearer " + token(demo, service(demo, client_id))}
    with Client(base_url=base(demo), headers=headers, trust_env=False, timeout=60) as http:
        client = SyncSCIMClient(http)
        client.discover()
        first, *others = [kind.name for kind in client.provider.resource_types]
        results = check_server(client, resource_types=[first])
        for kind in others:
            further = check_server(client, resource_types=[kind], exclude_tags={"discovery", "misc"})
            results.extend(one for one in further if one.resource_type)
        return results


def judge(results, refused, least):
    """Fails unless all went well but what is refused, and that was refused."""
    good = [one for one in results if one.status in GOOD]
    left = [one for one in results if one.status not in GOOD]
    bad = [one for one in left if one.status != Status.ERROR or not re.search(refused.get(one.resource_type, "$^"), one.reason or "")]
    assert not bad, "".join(f"\n      {one.status.name} {one.title} of {one.resource_type}: {one.reason}" for one in bad)
    assert sorted((one.resource_type, one.title) for one in left) == sorted((kind, title) for kind in refused for title in CREATING), left
    assert len(good) >= least, f"{len(good)} checks"


def main(demo):
    check = checks(f"scim2-tester on {demo['engine']}")
    for caller, client_id, *expected in CALLERS:

        @check(f"every check as {caller}")
        def _():
            judge(tested(demo, client_id), *expected)


if __name__ == "__main__":
    drive(main)
