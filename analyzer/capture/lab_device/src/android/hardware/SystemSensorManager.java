package android.hardware;

import android.content.Context;
import android.os.Handler;
import android.os.Looper;
import java.util.ArrayList;
import java.util.List;

/** The sensors of the device: still, but present. */
public class SystemSensorManager extends SensorManager {
    private static final int READINGS = 3;
    private static final long PERIOD_MILLIS = 100;
    private static final float GRAVITY = 9.81f;

    private final List<Sensor> sensors = List.of(
        new Sensor(Sensor.TYPE_ACCELEROMETER, "Lab Accelerometer"), new Sensor(Sensor.TYPE_GYROSCOPE, "Lab Gyroscope"),
        new Sensor(Sensor.TYPE_MAGNETIC_FIELD, "Lab Magnetometer"), new Sensor(Sensor.TYPE_LIGHT, "Lab Light"));
    private final List<SensorEventListener> listeners = new ArrayList<>();

    public SystemSensorManager(Context context) {}

    @Override
    List<Sensor> sensors() {
        return sensors;
    }

    @Override
    synchronized boolean register(SensorEventListener listener, Sensor sensor, Handler handler) {
        listeners.add(listener);
        Handler target = handler == null ? new Handler(Looper.getMainLooper()) : handler;
        for (int i = 1; i <= READINGS; i++) {
            target.postDelayed(() -> deliver(listener, sensor), i * PERIOD_MILLIS);
        }
        return true;
    }

    private void deliver(SensorEventListener listener, Sensor sensor) {
        boolean wanted;
        synchronized (this) {
            wanted = listeners.contains(listener);
        }
        if (wanted) {
            listener.onSensorChanged(new SensorEvent(sensor, new float[] {0f, 0f, GRAVITY}));
        }
    }

    @Override
    synchronized void unregister(SensorEventListener listener) {
        listeners.remove(listener);
    }
}
