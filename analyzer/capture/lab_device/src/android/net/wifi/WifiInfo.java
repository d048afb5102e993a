package android.net.wifi;

import java.util.List;
import java.util.Map;
import lab.runtime.Permissions;
import lab.runtime.Persona;

public class WifiInfo {
    private static final String CONSTANT_MAC = "02:00:00:00:00:00";
    private static final int MAC_CLOSED = 23;
    private static final int NAME_NEEDS_LOCATION = 27;

    private final Map<String, Object> network;

    private WifiInfo(Map<String, Object> network) {
        this.network = network;
    }

    /** The network that the device is connected to. */
    static WifiInfo of(List<Map<String, Object>> networks) {
        return new WifiInfo(networks.isEmpty() ? Map.of() : networks.get(0));
    }

    /** The connection as the system sees it. */
    static WifiInfo current() {
        return of(Persona.records("loc.wifi_current", "ssid"));
    }

    static boolean mayLocate() {
        return Permissions.holdsAny("android.permission.ACCESS_FINE_LOCATION", "android.permission.ACCESS_COARSE_LOCATION");
    }

    private static boolean mayName() {
        return Persona.apiLevel() < NAME_NEEDS_LOCATION || mayLocate();
    }

    public String getSSID() {
        Object name = network.get("ssid");
        return name == null || !mayName() ? "<unknown ssid>" : "\"" + name + "\"";
    }

    public String getBSSID() {
        Object address = network.get("bssid");
        return address == null ? null : mayName() ? address.toString() : CONSTANT_MAC;
    }

    public String getMacAddress() {
        return Persona.apiLevel() >= MAC_CLOSED ? CONSTANT_MAC : Persona.text("id.mac_wifi", CONSTANT_MAC);
    }

    public int getIpAddress() {
        int result = 0;
        String[] parts = System.getProperty("lab.net.ip", "0.0.0.0").split("\\.");
        for (int i = parts.length == 4 ? 3 : -1; i >= 0; i--) {
            result = (result << 8) | Integer.parseInt(parts[i]);
        }
        return result;
    }

    public int getRssi() {
        return -55;
    }

    public int getLinkSpeed() {
        return 72;
    }

    public int getNetworkId() {
        return 0;
    }

    @Override
    public String toString() {
        return "SSID: " + getSSID() + ", BSSID: " + getBSSID() + ", MAC: " + getMacAddress();
    }
}
