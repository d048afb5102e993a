package android.hardware;

import android.os.Handler;
import java.util.List;

public abstract class SensorManager {
    public static final int SENSOR_DELAY_FASTEST = 0;
    public static final int SENSOR_DELAY_GAME = 1;
    public static final int SENSOR_DELAY_UI = 2;
    public static final int SENSOR_DELAY_NORMAL = 3;

    SensorManager() {}

    abstract List<Sensor> sensors();

    abstract boolean register(SensorEventListener listener, Sensor sensor, Handler handler);

    abstract void unregister(SensorEventListener listener);

    public List<Sensor> getSensorList(int type) {
        return type == Sensor.TYPE_ALL ? sensors() : sensors().stream().filter(sensor -> sensor.getType() == type).toList();
    }

    public Sensor getDefaultSensor(int type) {
        List<Sensor> found = getSensorList(type);
        return found.isEmpty() ? null : found.get(0);
    }

    public boolean registerListener(SensorEventListener listener, Sensor sensor, int samplingPeriodUs) {
        return registerListener(listener, sensor, samplingPeriodUs, null);
    }

    public boolean registerListener(SensorEventListener listener, Sensor sensor, int samplingPeriodUs, Handler handler) {
        return listener != null && sensor != null && register(listener, sensor, handler);
    }

    public void unregisterListener(SensorEventListener listener) {
        unregister(listener);
    }

    public void unregisterListener(SensorEventListener listener, Sensor sensor) {
        unregister(listener);
    }
}
