package android.net.wifi;

import android.content.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lab.runtime.Permissions;
import lab.runtime.Persona;
import lab.runtime.Simulated;

public class WifiManager {
    public static final int WIFI_STATE_ENABLED = 3;
    private static final String STATE = "android.permission.ACCESS_WIFI_STATE";
    private static final int SCANS_NEED_LOCATION = 23;

    public WifiManager(Context context) {}

    public WifiInfo getConnectionInfo() {
        Permissions.enforce("WifiService", STATE);
        return WifiInfo.current();
    }

    public List<ScanResult> getScanResults() {
        Permissions.enforce("WifiService", STATE);
        List<ScanResult> result = new ArrayList<>();
        if (Persona.apiLevel() >= SCANS_NEED_LOCATION && !WifiInfo.mayLocate()) {
            return result;
        }
        for (Map<String, Object> network : Persona.records("loc.wifi_scan", "bssid")) {
            ScanResult scan = new ScanResult();
            scan.SSID = String.valueOf(network.getOrDefault("ssid", ""));
            scan.BSSID = String.valueOf(network.getOrDefault("bssid", ""));
            scan.level = -60;
            scan.frequency = 2437;
            scan.capabilities = "[WPA2-PSK-CCMP][ESS]";
            result.add(scan);
        }
        return result;
    }

    public boolean startScan() {
        Permissions.enforce("WifiService", "android.permission.CHANGE_WIFI_STATE");
        return true;
    }

    public boolean isWifiEnabled() {
        return true;
    }

    public int getWifiState() {
        return WIFI_STATE_ENABLED;
    }

    public List<?> getConfiguredNetworks() {
        return Simulated.texts("getConfiguredNetworks", "loc.wifi_scan", "android.permission.ACCESS_WIFI_STATE");
    }

    public Object getDhcpInfo() {
        return Simulated.there("getDhcpInfo", "id.ip", "android.permission.ACCESS_WIFI_STATE") ? new Simulated.Handle() : null;
    }
}
