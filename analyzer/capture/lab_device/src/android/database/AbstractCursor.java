package android.database;

public abstract class AbstractCursor implements Cursor {
    private int position = -1;
    private boolean closed;

    public AbstractCursor() {}

    @Override
    public abstract int getCount();

    @Override
    public abstract String[] getColumnNames();

    @Override
    public int getType(int column) {
        return FIELD_TYPE_STRING;
    }

    @Override
    public int getColumnCount() {
        return getColumnNames().length;
    }

    @Override
    public byte[] getBlob(int column) {
        throw new UnsupportedOperationException("getBlob is not supported");
    }

    @Override
    public final int getPosition() {
        return position;
    }

    @Override
    public final boolean moveToPosition(int position) {
        int count = getCount();
        this.position = Math.max(-1, Math.min(position, count));
        return position >= 0 && position < count;
    }

    @Override
    public final boolean move(int offset) {
        return moveToPosition(position + offset);
    }

    @Override
    public final boolean moveToFirst() {
        return moveToPosition(0);
    }

    @Override
    public final boolean moveToLast() {
        return moveToPosition(getCount() - 1);
    }

    @Override
    public final boolean moveToNext() {
        return moveToPosition(position + 1);
    }

    @Override
    public final boolean moveToPrevious() {
        return moveToPosition(position - 1);
    }

    @Override
    public final boolean isFirst() {
        return position == 0 && getCount() != 0;
    }

    @Override
    public final boolean isLast() {
        return getCount() != 0 && position == getCount() - 1;
    }

    @Override
    public final boolean isBeforeFirst() {
        return getCount() == 0 || position == -1;
    }

    @Override
    public final boolean isAfterLast() {
        return getCount() == 0 || position == getCount();
    }

    @Override
    public int getColumnIndex(String columnName) {
        String[] names = getColumnNames();
        for (int i = 0; i < names.length; i++) {
            if (names[i].equalsIgnoreCase(columnName)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public int getColumnIndexOrThrow(String columnName) {
        int index = getColumnIndex(columnName);
        if (index < 0) {
            throw new IllegalArgumentException("column '" + columnName + "' does not exist");
        }
        return index;
    }

    @Override
    public String getColumnName(int column) {
        return getColumnNames()[column];
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }
}
