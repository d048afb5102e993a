"""Makes a whole lab app from a seed: sources and description, the same for the same seed on every machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from seeds.actors import (
    ACCEPTED,
    ACTIVITY,
    ANSWERED,
    CREATE,
    EXECUTOR,
    HANDLER,
    REFUSED,
    REMOTE,
    THREAD,
    Actor,
    collector_source,
    entry_source,
    make_actor,
    make_deed,
    make_pinned_deed,
    wire_source,
)
from seeds.dialogs import WORDINGS, dialog
from seeds.features import GRANTED, Features, asking, features, second_dialog
from seeds.names import STYLES, app_package, nameless_package, sdk_package, word
from seeds.reads import MORE, READS

PERMISSIONS = ("READ_PHONE_STATE", "ACCESS_FINE_LOCATION", "READ_CONTACTS", "GET_ACCOUNTS")
ALWAYS = ("INTERNET", "ACCESS_NETWORK_STATE", "ACCESS_WIFI_STATE")


@dataclass(frozen=True)
class SeededApp:
    """A generated app: Java `sources` by path, the `properties` of its jar, and the strategy that exercises it."""

    seed: int
    package: str
    sources: dict[str, str]
    properties: dict[str, str]
    strategy: str
    dialog: str
    actors: tuple[str, ...] = field(default=())

    @property
    def description(self) -> str:
        """Give the text of `META-INF/lab-app.properties`."""
        return "".join(f"{key}={value}\n" for key, value in self.properties.items())


def make_app(seed: int) -> SeededApp:
    """Invent the app of a seed."""
    random = Random(seed)
    has = features(seed)
    package = _hosted(app_package(random, seed), has)
    shown = random.choice(("alert", "alert", "view", "view", "none"))
    strategy = "ignore" if shown == "none" else random.choice(("accept", "accept", "refuse"))
    actors = _make_actors(random, seed, package, has)
    remote = random.random() < 0.35
    for actor in actors:
        _give_deeds(random, actor, shown, remote, actors, has)
    if has.pinned:
        actors[-1].pinned = f"pin.{actors[-1].hosts[0].partition('.')[2]}"
        actors[-1].deeds.append(make_pinned_deed(actors[-1], len(actors[-1].deeds)))
    sources = {path: text for actor in actors for path, text in _actor_sources(random, actor).items()}
    sources |= _app_sources(random, package, actors, shown, remote, has)
    properties = _properties(random, package, remote, has)
    return SeededApp(seed, package, sources, properties, strategy, shown, tuple(actor.prefix for actor in actors))


def _make_actors(random: Random, seed: int, package: str, has: Features) -> list[Actor]:
    maker = package.removeprefix("com.github.").split(".")[0 if has.hosted else 1]
    actors = [make_actor(random, package, package, maker)]
    for style in random.sample(STYLES, random.randint(1, 4)):
        prefix, inner = sdk_package(random, seed, style)
        maker = prefix.split(".")[1]
        if has.nameless and len(actors) == 1:
            prefix, inner = nameless_package(seed)
        else:
            prefix, inner = _hosted(prefix, has), _hosted(inner, has)
        actors.append(make_actor(random, prefix, inner, f"{maker}{random.choice(('', 'cdn', '-data'))}"))
    if has.shared and len(actors) > 2:
        actors[2].hosts = (actors[1].hosts[0], *actors[2].hosts[1:])
    return actors


def _hosted(package: str, has: Features) -> str:
    return f"com.github.{package.partition('.')[2]}" if has.hosted else package


def _give_deeds(random: Random, actor: Actor, shown: str, remote: bool, actors: list[Actor], has: Features) -> None:
    others = [one for one in actors[1:] if one is not actor]
    friend = random.choice(others) if actor is actors[0] and others else None
    moments = [CREATE, THREAD, EXECUTOR, HANDLER, ACTIVITY]
    late = [] if shown == "none" else [ACCEPTED, ACCEPTED, REFUSED]
    chosen = [random.choice(moments) for _ in range(random.randint(0, 2))] + random.sample(
        late, min(len(late), random.randint(1, 2))
    )
    if remote and random.random() < 0.6:
        chosen.append(REMOTE)
    if has.asks and random.random() < 0.6:
        chosen.append(ANSWERED)
    choice = (*(read for read in READS if read.sendable), *MORE) if has.fuller else READS
    for number, moment in enumerate(chosen or [THREAD]):
        actor.deeds.append(make_deed(random, actor, number, moment, friend, choice))


def _actor_sources(random: Random, actor: Actor) -> dict[str, str]:
    inner, outer = actor.inner.replace(".", "/"), actor.prefix.replace(".", "/")
    return {
        f"{inner}/{actor.wire}.java": wire_source(random, actor),
        f"{inner}/{actor.collector}.java": collector_source(actor),
        f"{outer}/{actor.entry}.java": entry_source(actor),
    }


def _properties(random: Random, package: str, remote: bool, has: Features) -> dict[str, str]:
    old = random.random() < 0.7
    held = [name for name in PERMISSIONS if random.random() < 0.85]
    always = [name for name in ALWAYS if not (has.wifiless and name == "ACCESS_WIFI_STATE")]
    properties = {
        "package": package,
        "label": word(random, 2).capitalize(),
        "versionName": f"{random.randint(1, 9)}.{random.randint(0, 20)}",
        "versionCode": str(random.randint(1, 999)),
        "targetSdk": "28" if has.asks else "22" if old else random.choice(("26", "28", "30")),
        "application": f"{package}.MainApp",
        "activity": f"{package}.ui.HomeActivity",
        "permissions": ",".join((*held, *always)),
    }
    return properties | ({"process.work": f"{package}.WorkService"} if remote else {})


def _app_sources(
    random: Random, package: str, actors: list[Actor], shown: str, remote: bool, has: Features
) -> dict[str, str]:
    folder = package.replace(".", "/")

    def calls(moment: str) -> str:
        order = random.sample(actors, len(actors))
        return "".join(f"            {actor.prefix}.{actor.entry}.{moment}({{0}});\n" for actor in order)

    start = f"startService(new android.content.Intent(this, {package}.WorkService.class));" if remote else ""
    init = calls("init").format("this")
    shown_calls, agreed, declined = (calls(moment).format("this") for moment in ("shown", "agreed", "declined"))
    words = random.choice(WORDINGS)
    page = dialog(
        shown,
        words,
        link=random.random() < 0.5,
        box=random.random() < 0.4,
        swapped=random.random() < 0.5,
    )
    more = ""
    if has.retention and shown != "none":
        page, more = page.replace("refused()", "unsure()"), second_dialog(words.accept)
    if has.asks:
        ask = asking(tuple(random.sample(PERMISSIONS, 2)))
        agreed, declined = agreed + ask, declined + (ask if random.random() < 0.5 else "")
        answered = "".join(f"        {one.prefix}.{one.entry}.answered(this);\n" for one in actors if one.at(ANSWERED))
        more += GRANTED.format(granted=answered)
    sources = {
        f"{folder}/MainApp.java": APPLICATION.format(package=package, init=init, start=start),
        f"{folder}/ui/HomeActivity.java": ACTIVITY_SOURCE.format(
            package=package,
            shown=shown_calls,
            agreed=agreed,
            declined=declined,
            dialog=page,
            link=words.policy,
            more=more,
        ),
    }
    if remote:
        sources[f"{folder}/WorkService.java"] = SERVICE.format(package=package, remote=calls("remote").format("this"))
    return sources


APPLICATION = """package {package};

public class MainApp extends android.app.Application {{
    @Override
    public void onCreate() {{
        super.onCreate();
        if (getPackageName().equals(getProcessName())) {{
            {start}
{init}        }}
    }}
}}
"""

SERVICE = """package {package};

public class WorkService extends android.app.Service {{
    @Override
    public void onCreate() {{
        super.onCreate();
{remote}    }}

    @Override
    public android.os.IBinder onBind(android.content.Intent intent) {{
        return null;
    }}
}}
"""

ACTIVITY_SOURCE = """package {package}.ui;

public class HomeActivity extends android.app.Activity {{
    @Override
    protected void onCreate(android.os.Bundle state) {{
        super.onCreate(state);
        {dialog}
{shown}    }}

    private void agreed() {{
        lab.truth.Truth.phase("accepted");
{agreed}    }}

    private void refused() {{
        lab.truth.Truth.phase("refused");
{declined}    }}

    private android.widget.TextView label(String text) {{
        android.widget.TextView label = new android.widget.TextView(this);
        label.setText(text);
        return label;
    }}

    private android.widget.TextView link() {{
        android.widget.TextView link = label("{link}");
        link.setOnClickListener(view -> {{ }});
        return link;
    }}
{more}}}
"""
