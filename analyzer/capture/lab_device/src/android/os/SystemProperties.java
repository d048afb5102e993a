package android.os;

import lab.runtime.Persona;

/** The hidden reader of system properties that apps reach by reflection. */
public class SystemProperties {
    private SystemProperties() {}

    public static String get(String key) {
        return get(key, "");
    }

    public static String get(String key, String def) {
        switch (key) {
            case "ro.serialno":
            case "ro.boot.serialno":
                return Persona.text("id.serial", def);
            case "ro.product.model": return Build.MODEL;
            case "ro.product.brand": return Build.BRAND;
            case "ro.build.version.sdk": return String.valueOf(Build.VERSION.SDK_INT);
            case "ro.build.version.release": return Build.VERSION.RELEASE;
            case "ro.build.fingerprint": return Build.FINGERPRINT;
            default: return def;
        }
    }

    public static int getInt(String key, int def) {
        String value = get(key);
        return value.isEmpty() ? def : Integer.parseInt(value);
    }

    public static boolean getBoolean(String key, boolean def) {
        String value = get(key);
        return value.isEmpty() ? def : Boolean.parseBoolean(value);
    }
}
