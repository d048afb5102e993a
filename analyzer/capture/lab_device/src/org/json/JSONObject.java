package org.json;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import lab.runtime.Json;

public class JSONObject {
    final Map<String, Object> values = new LinkedHashMap<>();

    public JSONObject() {}

    public JSONObject(String json) throws JSONException {
        try {
            values.putAll(Json.object(json));
        } catch (RuntimeException problem) {
            throw new JSONException(problem.getMessage());
        }
    }

    private JSONObject add(String name, Object value) throws JSONException {
        if (name == null) {
            throw new JSONException("Names must be non-null");
        }
        if (value == null) {
            values.remove(name);
        } else {
            values.put(name, plain(value));
        }
        return this;
    }

    static Object plain(Object value) {
        if (value instanceof JSONObject) {
            return ((JSONObject) value).values;
        }
        return value instanceof JSONArray ? ((JSONArray) value).values : value;
    }

    public JSONObject put(String name, Object value) throws JSONException {
        return add(name, value);
    }

    public JSONObject put(String name, boolean value) throws JSONException {
        return add(name, value);
    }

    public JSONObject put(String name, int value) throws JSONException {
        return add(name, value);
    }

    public JSONObject put(String name, long value) throws JSONException {
        return add(name, value);
    }

    public JSONObject put(String name, double value) throws JSONException {
        return add(name, value);
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    public Object opt(String name) {
        return values.get(name);
    }

    public String optString(String name) {
        return optString(name, "");
    }

    public String optString(String name, String fallback) {
        return values.get(name) == null ? fallback : String.valueOf(values.get(name));
    }

    public String getString(String name) throws JSONException {
        if (values.get(name) == null) {
            throw new JSONException("No value for " + name);
        }
        return optString(name);
    }

    public int length() {
        return values.size();
    }

    public Iterator<String> keys() {
        return values.keySet().iterator();
    }

    @Override
    public String toString() {
        return Json.write(values);
    }
}
