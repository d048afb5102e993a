package org.json;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import lab.runtime.Json;

public class JSONArray {
    final List<Object> values = new ArrayList<>();

    public JSONArray() {}

    public JSONArray(Collection copyFrom) {
        for (Object value : copyFrom) {
            values.add(JSONObject.plain(value));
        }
    }

    public JSONArray put(Object value) {
        values.add(JSONObject.plain(value));
        return this;
    }

    public JSONArray put(int value) {
        values.add(value);
        return this;
    }

    public int length() {
        return values.size();
    }

    public Object opt(int index) {
        return index < 0 || index >= values.size() ? null : values.get(index);
    }

    @Override
    public String toString() {
        return Json.write(values);
    }
}
