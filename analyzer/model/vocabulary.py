"""The closed vocabularies: every word that a file, a rule or a verdict may use."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Source(StrEnum):
    """The file of a recording that a record lives in."""

    EVENTS = "events"
    FLOWS = "flows"
    MARKS = "marks"
    SCREENS = "screens"
    GAPS = "gaps"


class Strategy(StrEnum):
    """What the operator does when the app asks for consent; nothing in an `import` of somebody else's capture.

    `deny` accepts the dialog and denies every permission that is asked for after it.
    """

    ACCEPT = "accept"
    REFUSE = "refuse"
    DENY = "deny"
    IGNORE = "ignore"
    MANUAL = "manual"
    IMPORT = "import"


class SessionKind(StrEnum):
    """How the evidence of a session came to be."""

    RECORDED = "recorded"
    IMPORTED = "imported"


class Phase(StrEnum):
    """The state of consent at an instant; `initial` lasts while nobody has chosen."""

    INITIAL = "initial"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


class AppState(StrEnum):
    """What the app is doing on the device at an instant."""

    STARTING = "starting"
    FOREGROUND = "foreground"
    BACKGROUND = "background"
    SILENT = "silent"
    UNKNOWN = "unknown"


class Owner(StrEnum):
    """Whose traffic a flow is; only `app` supports the outcome `violated`."""

    APP = "app"
    OTHER = "other"
    UNKNOWN = "unknown"


class Party(StrEnum):
    """Who a recipient is, seen from the app under test."""

    FIRST = "first"
    THIRD = "third"
    UNKNOWN = "unknown"


class Tier(StrEnum):
    """How strong the evidence is; `rank` orders the tiers from weak to strong."""

    DECLARED = "declared"
    REQUESTED = "requested"
    ATTEMPTED = "attempted"
    ACCESSED = "accessed"
    STORED = "stored"
    TRANSMITTED = "transmitted"
    TRANSMITTED_THIRD_PARTY = "transmitted_third_party"

    @property
    def rank(self) -> int:
        """Give the position of this tier, 0 for the weakest."""
        return _TIER_ORDER[self]


_TIER_ORDER: Final = {tier: index for index, tier in enumerate(Tier)}


class Channel(StrEnum):
    """Where personal data was seen: in an API call, on the network or in storage."""

    API = "api"
    NETWORK = "network"
    STORAGE = "storage"


class Where(StrEnum):
    """The part of a record that carries the value."""

    RETURN = "return"
    ARGUMENT = "argument"
    URL = "url"
    QUERY = "query"
    HEADER = "header"
    COOKIE = "cookie"
    BODY = "body"
    MESSAGE = "message"
    RESPONSE = "response"


class Method(StrEnum):
    """The way of knowing that a value is personal data."""

    INDICATOR = "indicator"
    PATTERN = "pattern"
    KEY = "key"
    HOOK = "hook"


class LinkMethod(StrEnum):
    """What joins an event to a flow, strongest first."""

    VALUE = "value"
    CRYPTO = "crypto"
    SOCKET = "socket"
    CLIENT_HELLO = "client_hello"
    TIME = "time"


class Outcome(StrEnum):
    """The verdict per rule; there is no word for innocence."""

    VIOLATED = "violated"
    SUSPECTED = "suspected"
    NOT_OBSERVED = "not_observed"
    INCONCLUSIVE = "inconclusive"
    NOT_TESTED = "not_tested"
    NOT_DECIDABLE = "not_decidable"


class Truth(StrEnum):
    """The three values of a condition."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class HookStatus(StrEnum):
    """What the agent answered for one hook of the catalog in one process."""

    ARMED = "armed"
    CLASS_ABSENT = "class_absent"
    OVERLOAD_ABSENT = "overload_absent"
    FAILED = "failed"


class HookKind(StrEnum):
    """What a hooked call means for the analysis."""

    READ = "read"
    REQUEST = "request"
    STORE = "store"
    UI = "ui"
    LIFECYCLE = "lifecycle"
    NETWORK = "network"
    CRYPTO = "crypto"


class ValueKind(StrEnum):
    """The shape of a recorded argument or result."""

    NULL = "null"
    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    BYTES = "bytes"
    LIST = "list"
    OBJECT = "object"


class Ending(StrEnum):
    """How a hooked call ended."""

    RETURNED = "returned"
    THREW = "threw"


class MarkKind(StrEnum):
    """The instants that capture notes; none of them is a judgement."""

    RECORDING_STARTED = "recording_started"
    RECORDING_ENDED = "recording_ended"
    DATA_CLEARED = "data_cleared"
    DEVICE_CALIBRATED = "device_calibrated"
    TRUST_CHECKED = "trust_checked"
    HOST_CLAIMED = "host_claimed"
    SCREEN_READER = "screen_reader"
    PINNING_REMOVED = "pinning_removed"
    AGENT_ATTACHED = "agent_attached"
    AGENT_DETACHED = "agent_detached"
    PROCESS_STARTED = "process_started"
    PROCESS_ENDED = "process_ended"
    APP_STARTED = "app_started"
    APP_EXITED = "app_exited"
    APP_CRASHED = "app_crashed"
    NOTICE_SHOWN = "notice_shown"
    DIALOG_SHOWN = "dialog_shown"
    TAPPED = "tapped"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    PERMISSION_ASKED = "permission_asked"
    PERMISSION_GRANTED = "permission_granted"
    PERMISSION_DENIED = "permission_denied"
    PERMISSIONS_READ = "permissions_read"
    FOREGROUNDED = "foregrounded"
    BACKGROUNDED = "backgrounded"
    SILENCED = "silenced"
    RELAUNCHED = "relaunched"
    CLOCK_MOVED = "clock_moved"
    DWELL_ENDED = "dwell_ended"
    FILE_BEGUN = "file_begun"
    FILE_ENDED = "file_ended"
    POLICY_REACHED = "policy_reached"
    POLICY_NOT_FOUND = "policy_not_found"
    INTERRUPTED = "interrupted"


UNREAD_SECTION: Final = "GPP section "
"""How the subject of a gap begins that is about a section of a GPP string which is no TC string: it hides none."""

ISOLATED: Final = "isolated process"
"""The subject of a gap about a process without permissions: it reaches only what it is handed, so it hides nothing."""


TAP: Final = "tap"
"""The source of flows whose plaintext was read inside the app."""

PASSED: Final = (
    "refused the proxy in an earlier recording, so it is passed through in this one: only what the tap reads inside "
    "the app is seen"
)
"""Why a host is a gap whose connections are left to the app."""


class TrafficWay(StrEnum):
    """How an Android app's traffic comes to the proxy."""

    REDIRECT = "redirect"
    PROXY = "proxy"
    WIREGUARD = "wireguard"


class GapKind(StrEnum):
    """Why we could not see something."""

    HOOK_NOT_ARMED = "hook_not_armed"
    AGENT_LATE = "agent_late"
    AGENT_LOST = "agent_lost"
    AGENT_ERROR = "agent_error"
    CODE_UNSEEN = "code_unseen"
    EVENTS_DROPPED = "events_dropped"
    EVENTS_SAMPLED = "events_sampled"
    PROXY_LOST = "proxy_lost"
    PROXY_ERROR = "proxy_error"
    FLOWS_DROPPED = "flows_dropped"
    TLS_REFUSED = "tls_refused"
    TRAFFIC_OPAQUE = "traffic_opaque"
    TRAFFIC_BYPASSED = "traffic_bypassed"
    CHOICE_NOT_MADE = "choice_not_made"
    CONSENT_UNREADABLE = "consent_unreadable"
    CALIBRATION_UNREADABLE = "calibration_unreadable"
    WALK_INCOMPLETE = "walk_incomplete"
    SCREEN_UNREADABLE = "screen_unreadable"
    SCREEN_UNAVAILABLE = "screen_unavailable"
    SCREEN_NOT_SWITCHED = "screen_not_switched"
    FILE_INCOMPLETE = "file_incomplete"
    CLOCK_UNCERTAIN = "clock_uncertain"
    CLOCK_NOT_MOVED = "clock_not_moved"
    RECORD_TORN = "record_torn"
    RECORD_INVALID = "record_invalid"
    BODY_TRUNCATED = "body_truncated"
    BODY_MISSING = "body_missing"
    DECODE_LIMIT = "decode_limit"
    APP_CRASHED = "app_crashed"
    DEVICE_LOST = "device_lost"
    INTERRUPTED = "interrupted"
    STORAGE_FULL = "storage_full"


class FlowKind(StrEnum):
    """The protocol of an assembled flow."""

    HTTP = "http"
    WEBSOCKET = "websocket"
    TCP = "tcp"
    UDP = "udp"
    DNS = "dns"
    TLS = "tls"


class Direction(StrEnum):
    """Which way a message travelled, seen from the device."""

    SENT = "sent"
    RECEIVED = "received"


class Control(StrEnum):
    """The meaning of a control on a consent screen."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    SETTINGS = "settings"
    CLOSE = "close"
    QUIT = "quit"
    POLICY = "policy"
    CHECKBOX = "checkbox"


class ScreenKind(StrEnum):
    """What a screen is, as far as consent is concerned."""

    ORDINARY = "ordinary"
    NOTICE = "notice"
    CONSENT = "consent"
    RETENTION = "retention"
    RATIONALE = "rationale"
    PERMISSION = "permission"
    LOGIN_WALL = "login_wall"
    CMP_BANNER = "cmp_banner"
    UNREADABLE = "unreadable"


class Decidable(StrEnum):
    """How far runtime evidence can decide a rule."""

    FULL = "full"
    WITH_POLICY = "with_policy"
    PARTIAL = "partial"
    DEFERRED = "deferred"
    NONE = "none"


class ClaimStatus(StrEnum):
    """What a privacy policy says of one data type going to one recipient."""

    DECLARED = "declared"
    BROADLY = "broadly"
    UNDECLARED = "undeclared"
    DENIED = "denied"


class Subject(StrEnum):
    """What two results are compared by; `flow` is one data type on its way to one recipient, or into one SDK."""

    RULE = "rule"
    FLOW = "flow"
    DATA_TYPE = "data_type"
    RECIPIENT = "recipient"
    SDK = "sdk"
    API = "api"


class Change(StrEnum):
    """What became of something between two results; what is not seen again is fixed only where it could be seen."""

    NEW = "new"
    STILL_THERE = "still_there"
    MOVED = "moved"
    INCONCLUSIVE = "inconclusive"
    NO_LONGER_TESTABLE = "no_longer_testable"
    FIXED = "fixed"
    NOW_TESTED = "now_tested"
    UNCHANGED = "unchanged"
