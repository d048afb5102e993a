package lab.runtime;

import android.database.Cursor;
import android.database.MatrixCursor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers content queries from the persona, as the system's providers would. */
public final class Provider {
    private static final Map<String, Table> TABLES = new LinkedHashMap<>();

    static {
        table("content://com.android.contacts/data", "comm.contacts", "phone", "READ_CONTACTS",
            "display_name=name", "data1=phone", "data4=phone", "contact_id=_id");
        table("content://com.android.contacts/contacts", "comm.contacts", "name", "READ_CONTACTS", "display_name=name", "has_phone_number=has_phone");
        table("content://com.android.contacts/raw_contacts", "comm.contacts", "name", "READ_CONTACTS", "display_name=name");
        table("content://call_log/calls", "comm.call_log", "number", "READ_CALL_LOG",
            "number=number", "name=name", "date=date", "duration=duration", "type=type");
        table("content://sms", "comm.sms", "body", "READ_SMS", "address=address", "body=body", "date=date", "type=type");
        table("content://com.android.calendar/events", "misc.calendar", "title", "READ_CALENDAR",
            "title=title", "description=description", "eventLocation=location", "dtstart=start", "dtend=end");
        table("content://media/external/images/media", "media.photos_videos", "path", "READ_EXTERNAL_STORAGE",
            "_data=path", "_display_name=name", "latitude=lat", "longitude=lon");
        table("content://media/external/video/media", "media.photos_videos", "path", "READ_EXTERNAL_STORAGE", "_data=path", "_display_name=name");
    }

    private Provider() {}

    private static final class Table {
        final String type;
        final String bare;
        final String permission;
        final Map<String, String> columns = new LinkedHashMap<>();

        Table(String type, String bare, String permission) {
            this.type = type;
            this.bare = bare;
            this.permission = "android.permission." + permission;
        }
    }

    private static void table(String uri, String type, String bare, String permission, String... columns) {
        Table table = new Table(type, bare, permission);
        table.columns.put("_id", "_id");
        for (String column : columns) {
            int equals = column.indexOf('=');
            table.columns.put(column.substring(0, equals), column.substring(equals + 1));
        }
        TABLES.put(uri, table);
    }

    /** The rows behind a content URI; null for a provider that this device does not have. */
    public static Cursor query(String uri, String[] projection) {
        for (Map.Entry<String, Table> entry : TABLES.entrySet()) {
            if (uri.equals(entry.getKey()) || uri.startsWith(entry.getKey() + "/")) {
                return rows(entry.getValue(), uri, projection);
            }
        }
        return null;
    }

    private static Cursor rows(Table table, String uri, String[] projection) {
        if (!Permissions.holds(table.permission)) {
            throw new SecurityException("Permission Denial: reading provider for " + uri + " requires " + table.permission + ", or grantUriPermission()");
        }
        String[] names = projection == null ? table.columns.keySet().toArray(new String[0]) : projection;
        for (String name : names) {
            if (!table.columns.containsKey(name)) {
                throw new IllegalArgumentException("Invalid column " + name);
            }
        }
        MatrixCursor cursor = new MatrixCursor(names);
        List<Map<String, Object>> records = Persona.records(table.type, table.bare);
        for (int i = 0; i < records.size(); i++) {
            cursor.addRow(row(table, names, records.get(i), i + 1));
        }
        return cursor;
    }

    private static Object[] row(Table table, String[] names, Map<String, Object> record, long id) {
        Object[] row = new Object[names.length];
        for (int i = 0; i < names.length; i++) {
            String member = table.columns.get(names[i]);
            if (member.equals("_id")) {
                row[i] = id;
            } else if (member.equals("has_phone")) {
                row[i] = record.containsKey("phone") ? 1 : 0;
            } else {
                row[i] = record.get(member);
            }
        }
        return row;
    }
}
