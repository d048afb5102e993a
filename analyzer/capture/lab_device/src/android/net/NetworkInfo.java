package android.net;

import android.net.wifi.WifiInfo;

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
        return WifiInfo.current().getSSID();
    }
}
