package android.database;

import java.util.ArrayList;
import java.util.List;

public class MatrixCursor extends AbstractCursor {
    private final String[] columnNames;
    private final List<Object[]> rows = new ArrayList<>();

    public MatrixCursor(String[] columnNames) {
        this.columnNames = columnNames.clone();
    }

    public void addRow(Object[] columnValues) {
        if (columnValues.length != columnNames.length) {
            throw new IllegalArgumentException("columnNames.length = " + columnNames.length + ", columnValues.length = " + columnValues.length);
        }
        rows.add(columnValues.clone());
    }

    private Object get(int column) {
        int position = getPosition();
        if (position < 0 || position >= rows.size()) {
            throw new CursorIndexOutOfBoundsException(position, rows.size());
        }
        if (column < 0 || column >= columnNames.length) {
            throw new CursorIndexOutOfBoundsException("Requested column: " + column + ", # of columns: " + columnNames.length);
        }
        return rows.get(position)[column];
    }

    private double number(int column) {
        Object value = get(column);
        return value == null ? 0 : value instanceof Number ? ((Number) value).doubleValue() : Double.parseDouble(value.toString());
    }

    @Override
    public int getCount() {
        return rows.size();
    }

    @Override
    public String[] getColumnNames() {
        return columnNames.clone();
    }

    @Override
    public String getString(int column) {
        Object value = get(column);
        return value == null ? null : value.toString();
    }

    @Override
    public short getShort(int column) {
        return (short) number(column);
    }

    @Override
    public int getInt(int column) {
        return (int) number(column);
    }

    @Override
    public long getLong(int column) {
        return (long) number(column);
    }

    @Override
    public float getFloat(int column) {
        return (float) number(column);
    }

    @Override
    public double getDouble(int column) {
        return number(column);
    }

    @Override
    public byte[] getBlob(int column) {
        return (byte[]) get(column);
    }

    @Override
    public int getType(int column) {
        Object value = get(column);
        if (value == null) {
            return FIELD_TYPE_NULL;
        }
        if (value instanceof Double || value instanceof Float) {
            return FIELD_TYPE_FLOAT;
        }
        return value instanceof Number ? FIELD_TYPE_INTEGER : FIELD_TYPE_STRING;
    }

    @Override
    public boolean isNull(int column) {
        return get(column) == null;
    }
}
