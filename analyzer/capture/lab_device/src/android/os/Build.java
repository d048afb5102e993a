package android.os;

import lab.runtime.App;
import lab.runtime.Permissions;
import lab.runtime.Persona;

public class Build {
    private static final int SERIAL_GUARDED = 26;
    private static final int SERIAL_CLOSED = 29;

    public static final String UNKNOWN = "unknown";
    public static final String BRAND = Persona.text("lab.brand", "lab");
    public static final String MANUFACTURER = Persona.text("lab.manufacturer", "Lab");
    public static final String MODEL = Persona.text("lab.model", "Lab One");
    public static final String DEVICE = Persona.text("lab.device", "labone");
    public static final String PRODUCT = DEVICE;
    public static final String BOARD = DEVICE;
    public static final String HARDWARE = DEVICE;
    public static final String ID = "N2G47O";
    public static final String DISPLAY = ID;
    public static final String TYPE = "user";
    public static final String TAGS = "release-keys";
    public static final String CPU_ABI = "arm64-v8a";
    public static final String FINGERPRINT = BRAND + "/" + PRODUCT + "/" + DEVICE + ":" + VERSION.RELEASE + "/" + ID + "/1:user/release-keys";
    public static final String SERIAL = VERSION.SDK_INT >= SERIAL_GUARDED ? UNKNOWN : Persona.text("id.serial", UNKNOWN);

    public Build() {}

    public static String getSerial() {
        if (VERSION.SDK_INT >= SERIAL_CLOSED) {
            if (App.targetSdk() >= SERIAL_CLOSED) {
                throw new SecurityException("getSerial: The user 10086 does not meet the requirements to access device identifiers.");
            }
            return UNKNOWN;
        }
        Permissions.enforce("getSerial", "android.permission.READ_PHONE_STATE");
        return Persona.text("id.serial", UNKNOWN);
    }

    public static String getRadioVersion() {
        return "";
    }

    public static class VERSION {
        public static final int SDK_INT = Persona.apiLevel();
        public static final String SDK = String.valueOf(SDK_INT);
        public static final String RELEASE = release(SDK_INT);

        public VERSION() {}

        private static String release(int level) {
            switch (level) {
                case 23: return "6.0.1";
                case 24: return "7.0";
                case 25: return "7.1.2";
                case 26: return "8.0.0";
                case 27: return "8.1.0";
                case 28: return "9";
                default: return level < 23 ? "5.1.1" : String.valueOf(level <= 32 ? Math.min(level - 19, 12) : level - 20);
            }
        }
    }

    public static class VERSION_CODES {
        public static final int M = 23;
        public static final int N = 24;
        public static final int O = 26;
        public static final int P = 28;
        public static final int Q = 29;
        public static final int R = 30;

        public VERSION_CODES() {}
    }
}
