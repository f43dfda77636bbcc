"""The access table of the staff site: who may open each page, and who may send its form.

It names the lowest group of CMS staff that is let in.
"""

from accounts.policy.rights import StaffGroup

STAFF, READER, CENTER = "staff without rights", StaffGroup.READER, StaffGroup.SERVICE_CENTER
MANAGER, ADMINISTRATOR = StaffGroup.PROGRAM_MANAGER, StaffGroup.ADMINISTRATOR
NOBODY, NOT_THERE = "nobody", "not there"
RANKS = (STAFF, READER, CENTER, MANAGER, ADMINISTRATOR)

# What may be looked at by whom, and the pages that Django has for each list.
READ_BY = {
    "accounts_auditevent": MANAGER,
    "accounts_devicereset": READER,
    "accounts_message": READER,
    "accounts_rolerequest": READER,
    "accounts_user": READER,
    "organizations_directoryimport": READER,
    "organizations_organization": READER,
    "registrations_enrollment": READER,
    "registrations_finalroster": READER,
    "registrations_offering": READER,
    "registrations_performanceyear": READER,
    "registrations_registration": READER,
    "registrations_samplingresult": READER,
    "registrations_sheetupload": READER,
    "registrations_windowextension": READER,
}
DEEDS = {
    "accounts_devicereset_add": CENTER,
    "accounts_devicereset_approve": CENTER,
    "accounts_devicereset_deny": CENTER,
    "accounts_message_send-again": CENTER,
    "accounts_rolerequest_approve": CENTER,
    "accounts_rolerequest_deny": CENTER,
    "accounts_rolerequest_match": CENTER,
    "accounts_user_disable": ADMINISTRATOR,
    "accounts_user_enable": ADMINISTRATOR,
    "accounts_user_end-sessions": CENTER,
    "accounts_user_rights": ADMINISTRATOR,
    "accounts_user_view-as": CENTER,
    "callers": CENTER,
    "organizations_organization_correct": CENTER,
    "organizations_organization_end-extension": CENTER,
    "organizations_organization_extend": CENTER,
    "organizations_organization_participation": CENTER,
    "organizations_organization_register": CENTER,
    "organizations_organization_view-as": CENTER,
    "registrations_enrollment_add-contact": CENTER,
    "registrations_enrollment_change-contact": CENTER,
    "registrations_enrollment_delete-contact": CENTER,
    "registrations_enrollment_end": CENTER,
    "registrations_enrollment_information": CENTER,
    "registrations_enrollment_register": CENTER,
    "registrations_enrollment_restore": CENTER,
    "registrations_enrollment_size": CENTER,
    "registrations_enrollment_write": MANAGER,
    "registrations_finalroster_download": MANAGER,
    "registrations_offering_final-roster": MANAGER,
    "registrations_offering_roster": MANAGER,
    "registrations_offering_window": MANAGER,
    "registrations_performanceyear_copy": MANAGER,
    "registrations_performanceyear_settings": MANAGER,
}
# GET and POST.
TABLE: dict[str, tuple[str, str]] = {
    **{f"{model}_changelist": (lowest, lowest) for model, lowest in READ_BY.items()},
    **{f"{model}_change": (lowest, NOBODY) for model, lowest in READ_BY.items()},
    **{f"{model}_add": (NOBODY, NOBODY) for model in READ_BY},
    **{f"{model}_delete": (NOBODY, NOBODY) for model in READ_BY},
    **{f"{model}_export": (MANAGER, MANAGER) for model in READ_BY},
    **{f"{model}_history": (NOT_THERE, NOT_THERE) for model in READ_BY},
    **{name: (lowest, lowest) for name, lowest in DEEDS.items()},
    "callers_organization": (CENTER, NOBODY),
    "callers_person": (CENTER, NOBODY),
    "index": (STAFF, STAFF),
    "jsi18n": (STAFF, NOBODY),
    "autocomplete": (NOBODY, NOBODY),
    "view_on_site": (NOT_THERE, NOT_THERE),
}
