"""The simulated Android classes offer what Android has, under Android's names and parameter types."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from class_file import BRIDGE, PUBLIC, SYNTHETIC, JavaClass, Method, parameters, read_jar
from house import PACKAGE, ROOT

CLASSES = read_jar(PACKAGE / "capture" / "lab_device" / "lab.jar")
ANDROID = json.loads((ROOT / "tests" / "data" / "android_methods.json").read_text(encoding="utf-8"))["methods"]
SIMULATED = sorted(name for name, each in CLASSES.items() if name.startswith("android.") and each.access & PUBLIC)
NUMBERS = {"byte", "short", "int", "long", "float", "double"}
WORDS = {"char", "java.lang.String", "java.lang.CharSequence"}
OF_EVERY_OBJECT = {"toString", "hashCode", "equals"}
HIDDEN = "hidden from applications' compilers and so in no list, but there on every device, and apps reach it"
OF_THE_LAB = "how the runtime drives the app: Android's own is not public either, and no app calls it"
EXCEPTIONS = (
    ("android.os.SystemProperties", HIDDEN, {"get", "getInt", "getBoolean"}),
    ("android.app.ActivityThread", HIDDEN, {"currentApplication", "currentPackageName", "currentProcessName"}),
    (
        "android.app.ActivityThread",
        OF_THE_LAB,
        {"bindApplication", "launch", "startService", "setForeground", "isForeground", "topActivity"},
    ),
)
"""What the list does not have, by class, why the lab has it all the same, and the methods."""
NOT_HELD_YET = """
android.accessibilityservice.AccessibilityService: takeScreenshot
android.adservices.measurement.MeasurementManager: registerSource registerTrigger
android.adservices.topics.TopicsManager: getTopics
android.app.AlarmManager: set setAlarmClock setAndAllowWhileIdle setExact setExactAndAllowWhileIdle
android.app.AlarmManager: setInexactRepeating setRepeating setWindow
android.app.Application: onTrimMemory
android.app.ApplicationPackageManager: getPackagesHoldingPermissions
android.app.DownloadManager: enqueue
android.app.JobSchedulerImpl: enqueue schedule
android.app.WallpaperManager: getWallpaperFile
android.app.appsearch.AppSearchSession: search
android.app.usage.StorageStatsManager: queryStatsForPackage
android.app.usage.UsageEvents$Event: getPackageName
android.app.usage.UsageStatsManager: queryEventStats
android.bluetooth.BluetoothAdapter: startDiscovery startLeScan
android.bluetooth.le.BluetoothLeAdvertiser: startAdvertising
android.bluetooth.le.ScanResult: getDevice
android.content.ContentProvider: attachInfo
android.content.pm.LauncherApps: getApplicationInfo getShortcuts
android.credentials.CredentialManager: getCredential
android.hardware.Camera: takePicture
android.hardware.biometrics.BiometricPrompt: authenticate
android.hardware.camera2.CameraManager: registerTorchCallback
android.hardware.fingerprint.FingerprintManager: authenticate
android.health.connect.HealthConnectManager: aggregate getChangeLogs readRecords
android.location.GnssMeasurementsEvent: getMeasurements
android.location.LocationManager: addNmeaListener addProximityAlert getCurrentLocation
android.media.FaceDetector: findFaces
android.media.ThumbnailUtils: createVideoThumbnail
android.media.projection.MediaProjection: createVirtualDisplay
android.net.ConnectivityManager: getNetworkCapabilities
android.net.wifi.WifiManager: getConfiguredNetworks getDhcpInfo
android.net.wifi.aware.WifiAwareManager: attach
android.net.wifi.p2p.WifiP2pManager: discoverPeers requestDeviceInfo requestPeers
android.net.wifi.rtt.WifiRttManager: startRanging
android.nfc.NfcAdapter: enableReaderMode
android.os.health.SystemHealthManager: takeMyUidSnapshot
android.security.keystore.KeyGenParameterSpec$Builder: setDevicePropertiesAttestationIncluded
android.telecom.Call$Details: getHandle
android.telecom.CallScreeningService: respondToCall
android.telephony.SubscriptionManager: getPhoneNumber
android.telephony.TelephonyManager: getDataNetworkType getGroupIdLevel1 getNeighboringCellInfo getTypeAllocationCode
android.telephony.TelephonyManager: getVoiceMailNumber listen requestCellInfoUpdate
android.view.PixelCopy: request
android.view.WindowManagerImpl: addView
android.view.autofill.AutofillManager: requestAutofill
android.view.textclassifier.TextClassificationManager: getTextClassifier
android.webkit.WebView: addJavascriptInterface evaluateJavascript loadDataWithBaseURL postUrl
android.webkit.WebViewClient: onPageStarted shouldInterceptRequest
android.widget.AdapterView: performItemClick
android.widget.PopupWindow: showAsDropDown showAtLocation
"""
"""Methods that came to the lab after the list was drawn up, or take an Object for a type that the lab does not have."""
EXPECTED = {f"{name}.{method}" for name, _, methods in EXCEPTIONS for method in methods} | {
    f"{line.partition(': ')[0]}.{method}"
    for line in NOT_HELD_YET.split("\n")
    for method in line.partition(": ")[2].split()
}


def _written(kind: str) -> str:
    """Write a Java type as the list does."""
    plain = kind.removesuffix("[]")
    if plain != kind:
        return _written(plain) + "[]"
    return "number" if kind in NUMBERS else "string" if kind in WORDS else kind


def _agree(lab: list[str], android: str) -> bool:
    theirs = android.split(", ") if android else []
    return len(lab) == len(theirs) and all(
        other in {own, "any"} or (own, other) == ("java.lang.Object[]", "any[]")
        for own, other in zip(lab, theirs, strict=True)
    )


def _lines_of(name: str) -> Iterator[str]:
    """Give a class and everything above it."""
    yield name
    for parent in CLASSES[name].parents if name in CLASSES else ():
        yield from _lines_of(parent)


def _has(android: dict, name: str, method: Method) -> bool:
    wanted = [_written(kind) for kind in method.parameters]
    return any(
        _agree(wanted, overload)
        for line in _lines_of(name)
        for overload in android.get(line.replace("$", "."), {}).get(method.name, ())
    )


def _public(each: JavaClass) -> Iterator[Method]:
    for method in each.methods:
        if method.access & PUBLIC and not method.access & (BRIDGE | SYNTHETIC) and not method.name.startswith("<"):
            yield method


def _foreign(android: dict) -> dict[str, list[str]]:
    found = {}
    for name in SIMULATED:
        for method in _public(CLASSES[name]):
            sign = f"{name}.{method.name}({', '.join(method.parameters)})"
            if method.name not in OF_EVERY_OBJECT and not _has(android, name, method):
                found[sign] = sorted(android.get(name.replace("$", "."), {}).get(method.name, []))
    return found


def test_every_public_method_of_a_simulated_class_exists_in_android():
    assert {sign: near for sign, near in _foreign(ANDROID).items() if sign.partition("(")[0] not in EXPECTED} == {}


def test_every_exception_is_needed():
    assert {sign.partition("(")[0] for sign in _foreign(ANDROID)} >= EXPECTED


def test_a_method_that_android_lacks_would_be_found():
    less = {name: methods for name, methods in ANDROID.items() if name != "android.telephony.TelephonyManager"}
    assert "android.telephony.TelephonyManager.getImei(int)" in _foreign(less)


def test_there_is_something_to_compare():
    assert len(SIMULATED) > 60
    assert sum(1 for name in SIMULATED for _ in _public(CLASSES[name])) > 400


@pytest.mark.parametrize(
    ("descriptor", "wanted"),
    [
        ("()V", []),
        ("(I[BLjava/lang/String;[[Landroid/a/B$C;)V", ["int", "byte[]", "java.lang.String", "android.a.B.C[][]"]),
    ],
)
def test_descriptors_are_read_as_java_writes_types(descriptor, wanted):
    assert list(parameters(descriptor)) == wanted
