package android.net;

import android.content.Context;
import lab.runtime.Permissions;
import lab.runtime.Simulated;

public class ConnectivityManager {
    public static final int TYPE_MOBILE = 0;
    public static final int TYPE_WIFI = 1;

    public ConnectivityManager(Context context) {}

    public NetworkInfo getActiveNetworkInfo() {
        Permissions.enforce("ConnectivityService", "android.permission.ACCESS_NETWORK_STATE");
        return new NetworkInfo();
    }

    public NetworkInfo getNetworkInfo(int networkType) {
        return networkType == TYPE_WIFI ? getActiveNetworkInfo() : null;
    }

    public NetworkCapabilities getNetworkCapabilities(Network network) {
        return Simulated.there("getNetworkCapabilities", "dev.network_carrier", "android.permission.ACCESS_NETWORK_STATE") ? new NetworkCapabilities() : null;
    }
}
