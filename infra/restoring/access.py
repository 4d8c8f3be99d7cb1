"""Access that was taken away since the moment stays taken away: the restored tables know nothing of it.

What was given since is not given again; who needs it asks anew.
"""

from datetime import datetime

from chalicelib.accounts import platforms
from chalicelib.people import people
from chalicelib.storage.item_keys import account_keys
from infra.restoring.logs import Exchanges


def take_away_again(exchanges: Exchanges, now: datetime) -> dict[str, list[str]]:
    """What was taken away again: API keys, people, purposes of lookups. Safe to repeat."""
    return {
        "keys": _keys(exchanges),
        "people": _people(exchanges, now),
        "purposes": _purposes(exchanges),
    }


def _keys(exchanges: Exchanges) -> list[str]:
    """The ids of the API keys that were revoked since, or are to be; each is revoked as from then."""
    revoked = []
    for platform in platforms.find_all(exchanges.after):
        ids = [account_keys.credential(key_id) for key_id in platform.key_ids]
        before, after = exchanges.before.get_many(ids), exchanges.after.get_many(ids)
        for item_id in ids:
            since = str(before.get(item_id, {}).get("revoked_from", ""))
            then = str(after.get(item_id, {}).get("revoked_from", ""))
            if item_id in after and since and (not then or since < then):
                exchanges.after.set_fields(item_id, {"revoked_from": since})
                revoked.append(item_id.partition("#")[2])
    return revoked


def _people(exchanges: Exchanges, now: datetime) -> list[str]:
    """The ids of the people whose access was taken away since."""
    revoked = []
    for platform in platforms.find_all(exchanges.after):
        then = {each.person_id: each for each in people.list_people(exchanges.after, platform.platform_id)}
        for person in people.list_people(exchanges.before, platform.platform_id):
            if not person.is_active and person.person_id in then and then[person.person_id].is_active:
                people.revoke(exchanges.after, then[person.person_id], now)
                revoked.append(person.person_id)
    return revoked


def _purposes(exchanges: Exchanges) -> list[str]:
    """The purposes that a platform had at the moment and has lost since."""
    taken = []
    now_granted = {each.platform_id: each.purposes for each in platforms.find_all(exchanges.before)}
    for platform in platforms.find_all(exchanges.after):
        kept = [each for each in platform.purposes if each in now_granted.get(platform.platform_id, ())]
        lost = sorted(set(platform.purposes) - set(kept))
        if lost:
            exchanges.after.set_fields(account_keys.platform(platform.platform_id), {"purposes": kept})
            taken += [f"{platform.platform_id}: {purpose}" for purpose in lost]
    return taken
