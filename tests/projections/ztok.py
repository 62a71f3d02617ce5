"""The history of a real coalition (ŽTOK, Lithuania, from its own page and its report of 2019), as an archive."""

from __future__ import annotations

from uuid import UUID

from domain.coalition import AgreementSigned, CoalitionRenamed, Founded, Incorporated, Prepared, UmbrellaJoined
from domain.organisation import OrganisationRenamed
from tests.projections.archive import Archive

FIRST_NAME, NAME = "Žmogaus teisių koalicija", "Žmogaus teisių organizacijų koalicija"
FOUNDERS = (
    "Lietuvos gėjų lyga",
    "Lietuvos žydų bendruomenė",
    "Lietuvos žmogaus teisių centras",
    "Lygių galimybių plėtros centras",
    "Lygių teisių ir socialinės plėtros centras",
    "Psichikos sveikatos perspektyvos",
    "Romų visuomenės centras",
    "Žmogaus teisių stebėjimo institutas",
)
INSTITUTE, LEFT = FOUNDERS[7], FOUNDERS[4]
YOUTH, DIVERSITY = "Tolerantiško jaunimo asociacija", "Diversity Development Group"
TODAY = [
    "Diversity Development Group",
    "Lietuvos žydų (litvakų) bendruomenė",
    "Lietuvos žmogaus teisių centras",
    "Lygių galimybių plėtros centras",
    "Nacionalinė LGBT* teisių asociacija LGL",
    "Psichikos sveikatos perspektyvos",
    "Romų visuomenės centras",
    "Tolerantiško jaunimo asociacija",
    "Žmogaus teisių stebėjimo institutas",
]


def told(archive: Archive) -> UUID:
    """The coalition's id."""
    of = archive.organisation(FIRST_NAME)
    archive.add(Prepared, of, "2011-22")
    archive.add(Founded, of, "2011-06-20")
    who = {name: archive.organisation(name) for name in (*FOUNDERS, YOUTH, DIVERSITY)}
    for name in FOUNDERS:
        archive.changed("2011-06-20", "joined", of, who[name])
    archive.changed("2012-04-05", "suspended", of, who[INSTITUTE], reason="conflict_of_interest", initiative="member")
    archive.changed("../2014-12-03", "observer_admitted", of, who[YOUTH])
    archive.add(UmbrellaJoined, of, "2014", umbrella_id=archive.organisation("Nacionalinė NVO koalicija"))
    archive.add(AgreementSigned, of, "2014-12-04")
    archive.add(CoalitionRenamed, of, "2014-12-04", called=NAME)
    archive.changed("2014-12-04", "role_changed", of, who[YOUTH], role="member")
    archive.changed("2014-12-04", "lapsed", of, who[LEFT], reason="not_renewed")
    archive.add(Founded, of, "2014", variant="alternative")
    archive.changed("2017", "reinstatement_requested", of, who[INSTITUTE])
    archive.changed("2017", "reinstated", of, who[INSTITUTE], decided="2017")
    archive.add(Incorporated, of, "2017-12-28")
    archive.changed("../2020-05-28", "observer_admitted", of, who[DIVERSITY])
    archive.changed("2020-05", "role_changed", of, who[DIVERSITY], role="member")
    league, community = FOUNDERS[:2]
    archive.add(OrganisationRenamed, who[league], called="Nacionalinė LGBT* teisių asociacija LGL")
    archive.add(OrganisationRenamed, who[community], called="Lietuvos žydų (litvakų) bendruomenė")
    return of
