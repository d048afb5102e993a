/** Which properties of which objects are personal data: one row per property, read without touching anything else. */

/** `name`, then `method()signature` or `.field:signature`. */
type Row = [name: string, member: string, signature: string];

const TEXT = "()Ljava/lang/String;";
const CHARS = "()Ljava/lang/CharSequence;";
const STRING = "Ljava/lang/String;";

/** The extractors that the catalog may name. */
export const EXTRACTORS: Record<string, Row[]> = {
  auto: [],
  location: [
    ["latitude", "getLatitude", "()D"],
    ["longitude", "getLongitude", "()D"],
    ["accuracy", "getAccuracy", "()F"],
    ["altitude", "getAltitude", "()D"],
    ["provider", "getProvider", TEXT],
    ["time", "getTime", "()J"],
  ],
  package_info: [
    ["package", ".packageName", STRING],
    ["version", ".versionName", STRING],
  ],
  application_info: [["package", ".packageName", STRING]],
  resolve_info: [["activity", ".activityInfo", "Landroid/content/pm/ActivityInfo;"]],
  activity_info: [
    ["package", ".packageName", STRING],
    ["name", ".name", STRING],
  ],
  scan_result: [
    ["ssid", ".SSID", STRING],
    ["bssid", ".BSSID", STRING],
    ["level", ".level", "I"],
  ],
  wifi_info: [
    ["ssid", "getSSID", TEXT],
    ["bssid", "getBSSID", TEXT],
    ["mac", "getMacAddress", TEXT],
    ["ip", "getIpAddress", "()I"],
  ],
  wifi_configuration: [
    ["ssid", ".SSID", STRING],
    ["bssid", ".BSSID", STRING],
  ],
  account: [
    ["name", ".name", STRING],
    ["type", ".type", STRING],
  ],
  clip_data: [
    ["label", "getDescription", "()Landroid/content/ClipDescription;"],
    ["item", "getItemAt", "(I)Landroid/content/ClipData$Item;"],
  ],
  clip_item: [
    ["text", "getText", CHARS],
    ["html", "getHtmlText", TEXT],
    ["uri", "getUri", "()Landroid/net/Uri;"],
  ],
  bluetooth_device: [
    ["address", "getAddress", TEXT],
    ["name", "getName", TEXT],
  ],
  subscription_info: [
    ["iccid", "getIccId", TEXT],
    ["number", "getNumber", TEXT],
    ["carrier", "getCarrierName", CHARS],
    ["country", "getCountryIso", TEXT],
  ],
  cell_location: [
    ["cid", "getCid", "()I"],
    ["lac", "getLac", "()I"],
  ],
  cell_info: [["identity", "getCellIdentity", "()Landroid/telephony/CellIdentity;"]],
  cell_info_lte: [["identity", "getCellIdentity", "()Landroid/telephony/CellIdentityLte;"]],
  cell_info_gsm: [["identity", "getCellIdentity", "()Landroid/telephony/CellIdentityGsm;"]],
  cell_info_cdma: [["identity", "getCellIdentity", "()Landroid/telephony/CellIdentityCdma;"]],
  cell_info_wcdma: [["identity", "getCellIdentity", "()Landroid/telephony/CellIdentityWcdma;"]],
  cell_info_tdscdma: [["identity", "getCellIdentity", "()Landroid/telephony/CellIdentityTdscdma;"]],
  cell_identity: [
    ["cid", "getCid", "()I"],
    ["ci", "getCi", "()I"],
    ["nci", "getNci", "()J"],
    ["lac", "getLac", "()I"],
    ["tac", "getTac", "()I"],
    ["mcc", "getMccString", TEXT],
    ["mnc", "getMncString", TEXT],
  ],
  sensor: [
    ["name", "getName", TEXT],
    ["type", "getType", "()I"],
  ],
  running_process: [
    ["process", ".processName", STRING],
    ["pid", ".pid", "I"],
  ],
  component_holder: [["package", ".baseActivity", "Landroid/content/ComponentName;"]],
  running_service: [
    ["component", ".service", "Landroid/content/ComponentName;"],
    ["process", ".process", STRING],
  ],
  usage_stats: [
    ["package", "getPackageName", TEXT],
    ["last_used", "getLastTimeUsed", "()J"],
  ],
  advertising_id: [
    ["id", "getId", TEXT],
    ["limited", "isLimitAdTrackingEnabled", "()Z"],
  ],
  network_info: [
    ["type", "getTypeName", TEXT],
    ["extra", "getExtraInfo", TEXT],
  ],
  address: [
    ["line", "getAddressLine", "(I)Ljava/lang/String;"],
    ["country", "getCountryCode", TEXT],
    ["locality", "getLocality", TEXT],
  ],
  inet_address: [["address", "getHostAddress", TEXT]],
  interface_address: [["address", "getAddress", "()Ljava/net/InetAddress;"]],
  link_properties: [["addresses", "getLinkAddresses", "()Ljava/util/List;"]],
  network_interface: [["name", "getName", TEXT]],
  intent: [
    ["action", "getAction", TEXT],
    ["data", "getDataString", TEXT],
    ["package", "getPackage", TEXT],
    ["component", "getComponent", "()Landroid/content/ComponentName;"],
  ],
  view: [
    ["text", "getText", CHARS],
    ["description", "getContentDescription", CHARS],
    ["id", "getId", "()I"],
    ["width", "getWidth", "()I"],
    ["height", "getHeight", "()I"],
  ],
  dialog: [],
  client_hello: [["random", ".clientRandom", "Lsun/security/ssl/RandomCookie;"]],
  random_cookie: [["client_random", ".randomBytes", "[B"]],
  url_connection: [["url", "getURL", "()Ljava/net/URL;"]],
  okhttp_call: [["request", ".originalRequest", "Lokhttp3/Request;"]],
  okhttp_request: [
    ["url", ".url", "Lokhttp3/HttpUrl;"],
    ["method", ".method", STRING],
  ],
  okhttp_url: [["url", ".url", STRING]],
  cronet_request: [["url", ".mInitialUrl", STRING]],
  volley_request: [["url", ".mUrl", STRING]],
  download_request: [["url", ".mUri", "Landroid/net/Uri;"]],
  web_request: [
    ["url", "getUrl", "()Landroid/net/Uri;"],
    ["method", "getMethod", TEXT],
  ],
  process_builder: [["command", ".command", "Ljava/util/List;"]],
  job_info: [
    ["service", "getService", "()Landroid/content/ComponentName;"],
    ["periodic", "isPeriodic", "()Z"],
  ],
  receiver_data: [
    ["intent", ".intent", "Landroid/content/Intent;"],
    ["sender", ".mSentFromPackage", STRING],
  ],
  activity: [["referrer", ".mReferrer", STRING]],
  attribution_source: [["package", "getPackageName", TEXT]],
  component_info: [
    ["name", ".name", STRING],
    ["process", ".processName", STRING],
  ],
  intent_filter: [["action", "getAction", "(I)Ljava/lang/String;"]],
  http_request: [
    ["uri", "uri", "()Ljava/net/URI;"],
    ["method", "method", TEXT],
  ],
};

/** The extractor of an object whose class says what it is. */
export const BY_CLASS: Record<string, string> = {
  "android.location.Location": "location",
  "android.content.pm.PackageInfo": "package_info",
  "android.content.pm.ApplicationInfo": "application_info",
  "android.content.pm.ResolveInfo": "resolve_info",
  "android.content.pm.ActivityInfo": "activity_info",
  "android.net.wifi.ScanResult": "scan_result",
  "android.net.wifi.WifiConfiguration": "wifi_configuration",
  "android.accounts.Account": "account",
  "android.content.ClipData": "clip_data",
  "android.content.ClipData$Item": "clip_item",
  "android.bluetooth.BluetoothDevice": "bluetooth_device",
  "android.telephony.SubscriptionInfo": "subscription_info",
  "android.telephony.gsm.GsmCellLocation": "cell_location",
  "android.telephony.CellInfoLte": "cell_info_lte",
  "android.telephony.CellInfoGsm": "cell_info_gsm",
  "android.telephony.CellInfoCdma": "cell_info_cdma",
  "android.telephony.CellInfoWcdma": "cell_info_wcdma",
  "android.telephony.CellInfoTdscdma": "cell_info_tdscdma",
  "android.hardware.Sensor": "sensor",
  "android.content.Intent": "intent",
  "sun.security.ssl.RandomCookie": "random_cookie",
  "okhttp3.Request": "okhttp_request",
  "okhttp3.HttpUrl": "okhttp_url",
  "java.net.Inet4Address": "inet_address",
  "java.net.Inet6Address": "inet_address",
};

/** Platform classes whose `toString` is their value and has no side effect. */
export const PRINTABLE = new Set([
  "java.net.URL",
  "java.net.URI",
  "java.io.File",
  "java.util.UUID",
  "java.util.Locale",
  "java.lang.StringBuilder",
  "java.lang.Class",
  "android.net.Uri$StringUri",
  "android.net.Uri$HierarchicalUri",
  "android.net.Uri$OpaqueUri",
  "android.net.Uri",
  "android.content.ComponentName",
  "android.net.LinkAddress",
  "android.text.SpannableString",
  "android.text.SpannableStringBuilder",
  "android.text.SpannedString",
]);
