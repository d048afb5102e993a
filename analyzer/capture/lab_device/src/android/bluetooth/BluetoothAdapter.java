package android.bluetooth;

import java.util.LinkedHashSet;
import java.util.Set;
import lab.runtime.Permissions;
import lab.runtime.Persona;
import lab.runtime.Simulated;

public final class BluetoothAdapter {
    private static final BluetoothAdapter ONLY = new BluetoothAdapter();
    private static final int ADDRESS_CLOSED = 23;

    /** Told of what is found. */
    public interface LeScanCallback {
        void onLeScan(BluetoothDevice device, int rssi, byte[] scanRecord);
    }

    BluetoothAdapter() {}

    public static BluetoothAdapter getDefaultAdapter() {
        return ONLY;
    }

    public String getAddress() {
        Permissions.enforce("Need BLUETOOTH permission", "android.permission.BLUETOOTH");
        return Persona.apiLevel() >= ADDRESS_CLOSED ? "02:00:00:00:00:00" : Persona.text("id.mac_bluetooth");
    }

    public String getName() {
        Permissions.enforce("Need BLUETOOTH permission", "android.permission.BLUETOOTH");
        return Persona.text("lab.model", "Lab One");
    }

    public boolean isEnabled() {
        return true;
    }

    public Set<BluetoothDevice> getBondedDevices() {
        Permissions.enforce("Need BLUETOOTH permission", "android.permission.BLUETOOTH");
        Set<BluetoothDevice> result = new LinkedHashSet<>();
        for (String address : Persona.texts("loc.bluetooth_scan")) {
            result.add(new BluetoothDevice(address));
        }
        return result;
    }

    public boolean startDiscovery() {
        return Simulated.there("startDiscovery", "loc.bluetooth_scan", "android.permission.BLUETOOTH_SCAN");
    }

    public boolean startLeScan(LeScanCallback callback) {
        return Simulated.there("startLeScan", "loc.bluetooth_scan", "android.permission.BLUETOOTH_SCAN");
    }
}
