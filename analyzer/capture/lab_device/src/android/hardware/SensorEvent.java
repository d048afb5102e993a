package android.hardware;

public class SensorEvent {
    public final float[] values;
    public Sensor sensor;
    public int accuracy;
    public long timestamp;

    SensorEvent(Sensor sensor, float[] values) {
        this.sensor = sensor;
        this.values = values;
        this.timestamp = System.nanoTime();
    }
}
