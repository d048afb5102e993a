package android.location;

public class Location {
    private String provider;
    private double latitude;
    private double longitude;
    private double altitude;
    private float accuracy;
    private long time;

    public Location(String provider) {
        this.provider = provider;
    }

    public Location(Location l) {
        this(l.provider);
        latitude = l.latitude;
        longitude = l.longitude;
        altitude = l.altitude;
        accuracy = l.accuracy;
        time = l.time;
    }

    public String getProvider() {
        return provider;
    }

    public double getLatitude() {
        return latitude;
    }

    public void setLatitude(double latitude) {
        this.latitude = latitude;
    }

    public double getLongitude() {
        return longitude;
    }

    public void setLongitude(double longitude) {
        this.longitude = longitude;
    }

    public double getAltitude() {
        return altitude;
    }

    public float getAccuracy() {
        return accuracy;
    }

    public void setAccuracy(float horizontalAccuracy) {
        accuracy = horizontalAccuracy;
    }

    public long getTime() {
        return time;
    }

    public void setTime(long time) {
        this.time = time;
    }

    @Override
    public String toString() {
        return "Location[" + provider + " " + latitude + "," + longitude + " hAcc=" + accuracy + "]";
    }
}
