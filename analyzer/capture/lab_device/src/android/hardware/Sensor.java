package android.hardware;

public final class Sensor {
    public static final int TYPE_ACCELEROMETER = 1;
    public static final int TYPE_MAGNETIC_FIELD = 2;
    public static final int TYPE_GYROSCOPE = 4;
    public static final int TYPE_LIGHT = 5;
    public static final int TYPE_STEP_COUNTER = 19;
    public static final int TYPE_ALL = -1;

    private final int type;
    private final String name;

    Sensor(int type, String name) {
        this.type = type;
        this.name = name;
    }

    public int getType() {
        return type;
    }

    public String getName() {
        return name;
    }

    public String getVendor() {
        return "Lab";
    }

    public int getVersion() {
        return 1;
    }

    @Override
    public String toString() {
        return "{Sensor name=\"" + name + "\", vendor=\"Lab\", version=1, type=" + type + "}";
    }
}
