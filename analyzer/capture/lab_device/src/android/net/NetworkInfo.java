package android.net;

import java.util.List;
import java.util.Map;
import lab.runtime.Persona;

public class NetworkInfo {
    NetworkInfo() {}

    public int getType() {
        return ConnectivityManager.TYPE_WIFI;
    }

    public String getTypeName() {
        return "WIFI";
    }

    public boolean isConnected() {
        return true;
    }

    public boolean isAvailable() {
        return true;
    }

    public boolean isConnectedOrConnecting() {
        return true;
    }

    public String getExtraInfo() {
        List<Map<String, Object>> networks = Persona.records("loc.wifi_current", "ssid");
        return networks.isEmpty() || networks.get(0).get("ssid") == null ? null : "\"" + networks.get(0).get("ssid") + "\"";
    }
}
