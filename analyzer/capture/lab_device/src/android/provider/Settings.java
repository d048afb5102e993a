package android.provider;

import android.content.ContentResolver;
import lab.runtime.Persona;

public final class Settings {
    private static final int BLUETOOTH_ADDRESS_CLOSED = 26;

    public Settings() {}

    public static class SettingNotFoundException extends Exception {
        private static final long serialVersionUID = 1L;

        public SettingNotFoundException(String msg) {
            super(msg);
        }
    }

    public static class NameValueTable implements BaseColumns {
        public static final String NAME = "name";
        public static final String VALUE = "value";

        public NameValueTable() {}
    }

    private static int number(String name, String value) throws SettingNotFoundException {
        if (value == null) {
            throw new SettingNotFoundException(name);
        }
        return Integer.parseInt(value);
    }

    public static final class Secure extends NameValueTable {
        public static final String ANDROID_ID = "android_id";
        public static final String LOCATION_MODE = "location_mode";

        public Secure() {}

        public static String getString(ContentResolver resolver, String name) {
            switch (name) {
                case ANDROID_ID: return Persona.text("id.android_id");
                case "bluetooth_address": return Persona.apiLevel() < BLUETOOTH_ADDRESS_CLOSED ? Persona.text("id.mac_bluetooth") : null;
                case "bluetooth_name": return Persona.text("lab.model", "Lab One");
                case LOCATION_MODE: return "3";
                default: return null;
            }
        }

        public static int getInt(ContentResolver cr, String name) throws SettingNotFoundException {
            return number(name, getString(cr, name));
        }

        public static int getInt(ContentResolver cr, String name, int def) {
            String value = getString(cr, name);
            return value == null ? def : Integer.parseInt(value);
        }
    }

    public static final class Global extends NameValueTable {
        public static final String ADB_ENABLED = "adb_enabled";
        public static final String AIRPLANE_MODE_ON = "airplane_mode_on";

        public Global() {}

        public static String getString(ContentResolver resolver, String name) {
            switch (name) {
                case ADB_ENABLED:
                case AIRPLANE_MODE_ON:
                    return "0";
                case "device_name": return Persona.text("lab.model", "Lab One");
                default: return null;
            }
        }

        public static int getInt(ContentResolver cr, String name) throws SettingNotFoundException {
            return number(name, getString(cr, name));
        }

        public static int getInt(ContentResolver cr, String name, int def) {
            String value = getString(cr, name);
            return value == null ? def : Integer.parseInt(value);
        }
    }

    public static final class System extends NameValueTable {
        public static final String SCREEN_BRIGHTNESS = "screen_brightness";

        public System() {}

        public static String getString(ContentResolver resolver, String name) {
            switch (name) {
                case SCREEN_BRIGHTNESS: return "128";
                case Secure.ANDROID_ID: return Persona.text("id.android_id");
                default: return null;
            }
        }

        public static int getInt(ContentResolver cr, String name) throws SettingNotFoundException {
            return number(name, getString(cr, name));
        }

        public static int getInt(ContentResolver cr, String name, int def) {
            String value = getString(cr, name);
            return value == null ? def : Integer.parseInt(value);
        }
    }
}
