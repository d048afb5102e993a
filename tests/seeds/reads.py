"""The ways in which a seeded app reads personal data, each as Java source, and what the truth log says of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Read:
    """One way to read: `body` is Java that gives a String (null when nothing was given) from a Context `c`.

    `needs` is the permission without which Android says no, `kind` the shape of the text: scalar, place or list.
    `closed` reads never give a value on the lab's Android version. `field` are the names that apps give the value; a
    `named` value is too common to be known without them. `refused_by` is the API that says no before the named one.
    """

    name: str
    data_type: str
    api: str
    body: str
    fields: tuple[str, ...]
    needs: str = ""
    kind: str = "scalar"
    worker_only: bool = False
    closed: bool = False
    sendable: bool = True
    refused_by: str = ""
    named: bool = False


TELEPHONY = "android.telephony.TelephonyManager"
PHONE = '((android.telephony.TelephonyManager) c.getSystemService("phone"))'
WIFI = '((android.net.wifi.WifiManager) c.getApplicationContext().getSystemService("wifi"))'
CONNECTION = "android.net.wifi.WifiManager.getConnectionInfo"
PHONE_STATE, FINE = "READ_PHONE_STATE", "ACCESS_FINE_LOCATION"
REFLECTED = (
    'Object m = c.getSystemService("phone"); try {{ return (String) Class.forName("android.telephony.TelephonyManager")'
    '.getMethod("{0}").invoke(m); }} catch (java.lang.reflect.InvocationTargetException e) {{'
    " if (e.getCause() instanceof SecurityException) throw (SecurityException) e.getCause(); throw e; }}"
)
PLACE = (
    'android.location.Location l = ((android.location.LocationManager) c.getSystemService("location"))'
    '.getLastKnownLocation("{0}"); return l == null ? null : l.getLatitude() + "," + l.getLongitude();'
)
JOINED = "StringBuilder t = new StringBuilder(); for ({0} x : {1}) {{ if (t.length() > 0) t.append(','); t.append({2}); }} return t.toString();"

READS = (
    Read("imei", "id.imei", f"{TELEPHONY}.getImei", f"return {PHONE}.getImei();", ("imei", "did", "device_id", "d"), PHONE_STATE),
    Read("imeiTwo", "id.imei", f"{TELEPHONY}.getImei", f"return {PHONE}.getImei(1);", ("imei2", "k2", "second"), PHONE_STATE),
    Read("deviceId", "id.imei", f"{TELEPHONY}.getDeviceId", f"return {PHONE}.getDeviceId();", ("imei", "deviceId", "x1"), PHONE_STATE),
    Read("imeiReflected", "id.imei", f"{TELEPHONY}.getDeviceId", REFLECTED.format("getDeviceId"), ("imei", "q"), PHONE_STATE),
    Read("imsi", "id.imsi", f"{TELEPHONY}.getSubscriberId", f"return {PHONE}.getSubscriberId();", ("imsi", "sub", "s1"), PHONE_STATE),
    Read("imsiReflected", "id.imsi", f"{TELEPHONY}.getSubscriberId", REFLECTED.format("getSubscriberId"), ("imsi", "w"), PHONE_STATE),
    Read("iccid", "id.iccid", f"{TELEPHONY}.getSimSerialNumber", f"return {PHONE}.getSimSerialNumber();", ("iccid", "sim", "z"), PHONE_STATE),
    Read("line", "person.phone", f"{TELEPHONY}.getLine1Number", f"return {PHONE}.getLine1Number();", ("phone", "msisdn", "tel", "m"), PHONE_STATE),
    Read("androidId", "id.android_id", "android.provider.Settings$Secure.getString",
         'return android.provider.Settings.Secure.getString(c.getContentResolver(), "android_id");', ("aid", "android_id", "ssaid", "u")),
    Read("androidIdAgain", "id.android_id", "android.provider.Settings$Secure.getString",
         "return android.provider.Settings.Secure.getString(c.getContentResolver(), android.provider.Settings.Secure.ANDROID_ID);",
         ("androidId", "key", "uid2")),
    Read("serial", "id.serial", "android.os.Build.getSerial", "return android.os.Build.getSerial();", ("serial", "sn", "hw"), PHONE_STATE),
    Read("macWifi", "id.mac_wifi", "android.net.wifi.WifiInfo.getMacAddress",
         f"return {WIFI}.getConnectionInfo().getMacAddress();", ("mac",), "ACCESS_WIFI_STATE", closed=True, refused_by=CONNECTION),
    Read("macNet", "id.mac_wifi", "java.net.NetworkInterface.getHardwareAddress",
         'byte[] h = java.net.NetworkInterface.getByName("wlan0").getHardwareAddress(); if (h == null) return null;'
         ' StringBuilder t = new StringBuilder(); for (byte b : h) t.append(t.length() > 0 ? ":" : "").append(String.format("%02x", b));'
         " return t.toString();", ("mac", "macaddr", "n1")),
    Read("macEnumerated", "id.mac_wifi", "java.net.NetworkInterface.getHardwareAddress",
         "for (java.net.NetworkInterface i : java.util.Collections.list(java.net.NetworkInterface.getNetworkInterfaces())) {"
         ' if (!"wlan0".equals(i.getName())) continue; byte[] h = i.getHardwareAddress(); StringBuilder t = new StringBuilder();'
         ' for (byte b : h) t.append(String.format("%02X", b)).append(\'-\'); t.setLength(t.length() - 1); return t.toString(); } return null;',
         ("wifi_mac", "hwaddr")),
    Read("ssid", "loc.wifi_current", "android.net.wifi.WifiInfo.getSSID",
         f'return {WIFI}.getConnectionInfo().getSSID().replace("\\"", "");', ("ssid", "wifi_name", "ap"), "ACCESS_WIFI_STATE",
         refused_by=CONNECTION),
    Read("bssid", "loc.wifi_current", "android.net.wifi.WifiInfo.getBSSID",
         f"return {WIFI}.getConnectionInfo().getBSSID();", ("bssid", "router", "apmac"), "ACCESS_WIFI_STATE", refused_by=CONNECTION),
    Read("scan", "loc.wifi_scan", "android.net.wifi.WifiManager.getScanResults",
         JOINED.format("android.net.wifi.ScanResult", f"{WIFI}.getScanResults()", 'x.SSID + "|" + x.BSSID'),
         ("wifis", "aps", "nearby"), FINE, "list"),
    Read("packages", "dev.installed_apps", "android.content.pm.PackageManager.getInstalledPackages",
         JOINED.format("android.content.pm.PackageInfo", "c.getPackageManager().getInstalledPackages(0)", "x.packageName"),
         ("apps", "pkgs", "list"), kind="list"),
    Read("applications", "dev.installed_apps", "android.content.pm.PackageManager.getInstalledApplications",
         JOINED.format("android.content.pm.ApplicationInfo", "c.getPackageManager().getInstalledApplications(0)", "x.packageName"),
         ("applist", "a"), kind="list"),
    Read("clip", "misc.clipboard", "android.content.ClipboardManager.getPrimaryClip",
         'android.content.ClipData d = ((android.content.ClipboardManager) c.getSystemService("clipboard")).getPrimaryClip();'
         " return d == null ? null : String.valueOf(d.getItemAt(0).getText());", ("clip", "pasteboard", "txt")),
    Read("gps", "loc.precise", "android.location.LocationManager.getLastKnownLocation", PLACE.format("gps"), ("lat", "latitude"), FINE, "place"),
    Read("contacts", "comm.contacts", "android.content.ContentResolver.query",
         'android.database.Cursor k = c.getContentResolver().query(android.net.Uri.parse("content://com.android.contacts/data"),'
         ' new String[] {"display_name", "data1"}, null, null, null); if (k == null) return null; StringBuilder t = new StringBuilder();'
         " while (k.moveToNext()) { if (t.length() > 0) t.append(';'); t.append(k.getString(0)).append('=').append(k.getString(1)); }"
         " k.close(); return t.toString();", ("contacts", "book", "people"), "READ_CONTACTS", "list"),
    Read("accounts", "dev.accounts", "android.accounts.AccountManager.getAccounts",
         "android.accounts.Account[] all = android.accounts.AccountManager.get(c).getAccounts(); if (all.length == 0) return null; "
         + JOINED.format("android.accounts.Account", "all", "x.name"), ("accounts", "acct"), "GET_ACCOUNTS", "list", sendable=False),
    Read("oaid", "id.oaid", "com.bun.miitmdid.interfaces.IdSupplier.getOAID",
         "String[] o = new String[1]; com.bun.miitmdid.core.MdidSdkHelper.InitSdk(c, true, s -> o[0] = s.getOAID()); return o[0];",
         ("oaid", "o", "msa")),
    Read("gaid", "id.gaid", "com.google.android.gms.ads.identifier.AdvertisingIdClient$Info.getId",
         "return com.google.android.gms.ads.identifier.AdvertisingIdClient.getAdvertisingIdInfo(c).getId();", ("gaid", "adid", "g"),
         worker_only=True),
    Read("drm", "id.drm", "android.media.MediaDrm.getPropertyByteArray",
         'try (android.media.MediaDrm d = new android.media.MediaDrm(java.util.UUID.fromString("edef8ba9-79d6-4ace-a3c8-27dcd51d21ed"))) {'
         ' StringBuilder t = new StringBuilder(); for (byte b : d.getPropertyByteArray("deviceUniqueId")) t.append(String.format("%02x", b));'
         " return t.toString(); }", ("drmid", "wv")),
    Read("operator", "dev.network_carrier", f"{TELEPHONY}.getNetworkOperatorName", f"return {PHONE}.getNetworkOperatorName();", ("carrier",), sendable=False),
    Read("cells", "loc.cell", f"{TELEPHONY}.getAllCellInfo",
         f"java.util.List<android.telephony.CellInfo> l = {PHONE}.getAllCellInfo(); return l == null || l.isEmpty() ? null : l.toString();",
         ("cell",), FINE, sendable=False),
)  # fmt: skip

MORE = (
    Read("accountNames", "dev.accounts", "android.accounts.AccountManager.getAccounts",
         "android.accounts.Account[] all = android.accounts.AccountManager.get(c).getAccounts(); if (all.length == 0) return null; "
         + JOINED.format("android.accounts.Account", "all", "x.name"), ("accounts", "acct", "mails"), "GET_ACCOUNTS", "list"),
    Read("carrier", "dev.network_carrier", f"{TELEPHONY}.getNetworkOperatorName", f"return {PHONE}.getNetworkOperatorName();",
         ("carrier", "operator", "isp"), named=True),
    Read("cell", "loc.cell", f"{TELEPHONY}.getAllCellInfo",
         f"java.util.List<android.telephony.CellInfo> l = {PHONE}.getAllCellInfo(); return l == null || l.isEmpty() ? null"
         ' : "" + ((android.telephony.CellInfoLte) l.get(0)).getCellIdentity().getCi();', ("cid", "cellid", "c0"), FINE),
)  # fmt: skip
"""Values that only some apps send."""
