package android.os;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

public class BaseBundle {
    final Map<String, Object> values = new LinkedHashMap<>();

    BaseBundle() {}

    public void putString(String key, String value) {
        values.put(key, value);
    }

    public void putInt(String key, int value) {
        values.put(key, value);
    }

    public void putLong(String key, long value) {
        values.put(key, value);
    }

    public void putBoolean(String key, boolean value) {
        values.put(key, value);
    }

    public String getString(String key) {
        return (String) values.get(key);
    }

    public String getString(String key, String defaultValue) {
        return values.get(key) == null ? defaultValue : getString(key);
    }

    public int getInt(String key) {
        return getInt(key, 0);
    }

    public int getInt(String key, int defaultValue) {
        return values.containsKey(key) ? (Integer) values.get(key) : defaultValue;
    }

    public long getLong(String key) {
        return values.containsKey(key) ? (Long) values.get(key) : 0L;
    }

    public boolean getBoolean(String key) {
        return getBoolean(key, false);
    }

    public boolean getBoolean(String key, boolean defaultValue) {
        return values.containsKey(key) ? (Boolean) values.get(key) : defaultValue;
    }

    public boolean containsKey(String key) {
        return values.containsKey(key);
    }

    public Set<String> keySet() {
        return values.keySet();
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }
}
