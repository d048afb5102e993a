package android.app;

import android.content.SharedPreferences;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Preferences kept in Android's own XML form. */
final class SharedPreferencesImpl implements SharedPreferences {
    private static final Pattern ENTRY = Pattern.compile(
        "<(string|int|long|float|boolean|set) name=\"([^\"]*)\"(?: value=\"([^\"]*)\")? ?(?:/>|>(.*?)</(?:string|set)>)", Pattern.DOTALL);
    private static final Pattern ITEM = Pattern.compile("<string>(.*?)</string>", Pattern.DOTALL);

    private final File file;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final List<OnSharedPreferenceChangeListener> listeners = new ArrayList<>();

    SharedPreferencesImpl(File file) {
        this.file = file;
        load();
    }

    private void load() {
        if (!file.exists()) {
            return;
        }
        try {
            Matcher entry = ENTRY.matcher(Files.readString(file.toPath()));
            while (entry.find()) {
                values.put(unescape(entry.group(2)), value(entry.group(1), entry.group(3), entry.group(4)));
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static Object value(String kind, String attribute, String content) {
        switch (kind) {
            case "int": return Integer.valueOf(attribute);
            case "long": return Long.valueOf(attribute);
            case "float": return Float.valueOf(attribute);
            case "boolean": return Boolean.valueOf(attribute);
            case "set": return items(content == null ? "" : content);
            default: return unescape(content == null ? "" : content);
        }
    }

    private static Set<String> items(String content) {
        Set<String> result = new LinkedHashSet<>();
        Matcher item = ITEM.matcher(content);
        while (item.find()) {
            result.add(unescape(item.group(1)));
        }
        return result;
    }

    private void save() {
        StringBuilder xml = new StringBuilder("<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n<map>\n");
        for (Map.Entry<String, Object> entry : values.entrySet()) {
            write(xml, escape(entry.getKey()), entry.getValue());
        }
        try {
            file.getParentFile().mkdirs();
            Files.writeString(file.toPath(), xml.append("</map>\n"));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static void write(StringBuilder xml, String name, Object value) {
        if (value instanceof String) {
            xml.append("    <string name=\"").append(name).append("\">").append(escape((String) value)).append("</string>\n");
        } else if (value instanceof Set) {
            xml.append("    <set name=\"").append(name).append("\">\n");
            for (Object item : (Set<?>) value) {
                xml.append("        <string>").append(escape(item.toString())).append("</string>\n");
            }
            xml.append("    </set>\n");
        } else {
            String kind = value instanceof Integer ? "int" : value.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
            xml.append("    <").append(kind).append(" name=\"").append(name).append("\" value=\"").append(value).append("\" />\n");
        }
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("\n", "&#10;");
    }

    private static String unescape(String text) {
        return text.replace("&#10;", "\n").replace("&quot;", "\"").replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&");
    }

    @SuppressWarnings("unchecked")
    private synchronized <T> T get(String key, T otherwise) {
        Object value = values.get(key);
        return value == null ? otherwise : (T) value;
    }

    @Override
    public synchronized Map<String, ?> getAll() {
        return new HashMap<>(values);
    }

    @Override
    public String getString(String key, String defValue) {
        return get(key, defValue);
    }

    @Override
    public Set<String> getStringSet(String key, Set<String> defValues) {
        return get(key, defValues);
    }

    @Override
    public int getInt(String key, int defValue) {
        return get(key, defValue);
    }

    @Override
    public long getLong(String key, long defValue) {
        return get(key, defValue);
    }

    @Override
    public float getFloat(String key, float defValue) {
        return get(key, defValue);
    }

    @Override
    public boolean getBoolean(String key, boolean defValue) {
        return get(key, defValue);
    }

    @Override
    public synchronized boolean contains(String key) {
        return values.containsKey(key);
    }

    @Override
    public Editor edit() {
        return new EditorImpl();
    }

    @Override
    public synchronized void registerOnSharedPreferenceChangeListener(OnSharedPreferenceChangeListener listener) {
        listeners.add(listener);
    }

    @Override
    public synchronized void unregisterOnSharedPreferenceChangeListener(OnSharedPreferenceChangeListener listener) {
        listeners.remove(listener);
    }

    private synchronized List<OnSharedPreferenceChangeListener> change(Map<String, Object> changes, boolean clear) {
        if (clear) {
            values.clear();
        }
        for (Map.Entry<String, Object> change : changes.entrySet()) {
            if (change.getValue() == null) {
                values.remove(change.getKey());
            } else {
                values.put(change.getKey(), change.getValue());
            }
        }
        save();
        return new ArrayList<>(listeners);
    }

    public final class EditorImpl implements Editor {
        private final Map<String, Object> changes = new LinkedHashMap<>();
        private boolean clear;

        private Editor note(String key, Object value) {
            changes.put(key, value);
            return this;
        }

        @Override
        public Editor putString(String key, String value) {
            return note(key, value);
        }

        @Override
        public Editor putStringSet(String key, Set<String> values) {
            return note(key, values == null ? null : new LinkedHashSet<>(values));
        }

        @Override
        public Editor putInt(String key, int value) {
            return note(key, value);
        }

        @Override
        public Editor putLong(String key, long value) {
            return note(key, value);
        }

        @Override
        public Editor putFloat(String key, float value) {
            return note(key, value);
        }

        @Override
        public Editor putBoolean(String key, boolean value) {
            return note(key, value);
        }

        @Override
        public Editor remove(String key) {
            return note(key, null);
        }

        @Override
        public Editor clear() {
            clear = true;
            return this;
        }

        @Override
        public boolean commit() {
            write();
            return true;
        }

        @Override
        public void apply() {
            write();
        }

        private void write() {
            List<OnSharedPreferenceChangeListener> told = change(changes, clear);
            for (OnSharedPreferenceChangeListener listener : told) {
                for (String key : changes.keySet()) {
                    listener.onSharedPreferenceChanged(SharedPreferencesImpl.this, key);
                }
            }
            changes.clear();
            clear = false;
        }
    }
}
