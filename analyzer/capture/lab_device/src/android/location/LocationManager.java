package android.location;

import android.content.Context;
import android.os.Handler;
import android.os.Looper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lab.runtime.Permissions;
import lab.runtime.Persona;
import lab.runtime.Simulated;

public class LocationManager {
    public static final String GPS_PROVIDER = "gps";
    public static final String NETWORK_PROVIDER = "network";
    public static final String PASSIVE_PROVIDER = "passive";
    private static final String FINE = "android.permission.ACCESS_FINE_LOCATION";
    private static final String COARSE = "android.permission.ACCESS_COARSE_LOCATION";
    private static final long FIX_MILLIS = 150;

    private final List<LocationListener> listeners = new ArrayList<>();

    public LocationManager(Context context) {}

    private static void check(String provider) {
        if (NETWORK_PROVIDER.equals(provider)) {
            Permissions.enforce("\"network\" location provider requires ACCESS_COARSE_LOCATION or ACCESS_FINE_LOCATION permission", FINE, COARSE);
        } else {
            Permissions.enforce("\"" + provider + "\" location provider requires ACCESS_FINE_LOCATION permission", FINE);
        }
    }

    private static Location fix(String provider) {
        List<Map<String, Object>> places = Persona.records("loc.precise", "text");
        if (places.isEmpty() || places.get(0).get("lat") == null) {
            return null;
        }
        Location location = new Location(provider);
        location.setLatitude(Double.parseDouble(places.get(0).get("lat").toString()));
        location.setLongitude(Double.parseDouble(places.get(0).get("lon").toString()));
        location.setAccuracy(NETWORK_PROVIDER.equals(provider) ? 30f : 8f);
        location.setTime(System.currentTimeMillis());
        return location;
    }

    public Location getLastKnownLocation(String provider) {
        check(provider);
        return fix(provider);
    }

    public void requestLocationUpdates(String provider, long minTimeMs, float minDistanceM, LocationListener listener) {
        requestLocationUpdates(provider, minTimeMs, minDistanceM, listener, Looper.getMainLooper());
    }

    public void requestLocationUpdates(String provider, long minTimeMs, float minDistanceM, LocationListener listener, Looper looper) {
        check(provider);
        synchronized (listeners) {
            listeners.add(listener);
        }
        Location location = fix(provider);
        if (location != null) {
            new Handler(looper == null ? Looper.myLooper() : looper).postDelayed(() -> deliver(listener, location), FIX_MILLIS);
        }
    }

    public void requestSingleUpdate(String provider, LocationListener listener, Looper looper) {
        requestLocationUpdates(provider, 0, 0, listener, looper);
    }

    public void removeUpdates(LocationListener listener) {
        synchronized (listeners) {
            listeners.remove(listener);
        }
    }

    private void deliver(LocationListener listener, Location location) {
        boolean wanted;
        synchronized (listeners) {
            wanted = listeners.contains(listener);
        }
        if (wanted) {
            listener.onLocationChanged(location);
        }
    }

    public List<String> getAllProviders() {
        return List.of(GPS_PROVIDER, NETWORK_PROVIDER, PASSIVE_PROVIDER);
    }

    public List<String> getProviders(boolean enabledOnly) {
        return getAllProviders();
    }

    public boolean isProviderEnabled(String provider) {
        return true;
    }

    public void getCurrentLocation(String provider, android.os.CancellationSignal signal, java.util.concurrent.Executor executor, java.util.function.Consumer<Location> consumer) {
        Simulated.ask("getCurrentLocation", "android.permission.ACCESS_FINE_LOCATION");
    }

    public void addProximityAlert(double latitude, double longitude, float radius, long expiration, android.app.PendingIntent intent) {
        Simulated.ask("addProximityAlert", "android.permission.ACCESS_FINE_LOCATION");
    }

    public boolean addNmeaListener(OnNmeaMessageListener listener) {
        return Simulated.there("addNmeaListener", "loc.precise", "android.permission.ACCESS_FINE_LOCATION");
    }
}
