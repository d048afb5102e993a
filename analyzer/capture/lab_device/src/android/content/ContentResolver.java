package android.content;

import android.database.ContentObserver;
import android.database.Cursor;
import android.database.CursorWrapper;
import android.net.Uri;
import android.os.Bundle;
import android.os.CancellationSignal;
import lab.runtime.Provider;
import lab.runtime.Simulated;

public abstract class ContentResolver {
    private final Context context;

    public ContentResolver(Context context) {
        this.context = context;
    }

    public final Cursor query(Uri uri, String[] projection, String selection, String[] selectionArgs, String sortOrder) {
        return query(uri, projection, selection, selectionArgs, sortOrder, null);
    }

    public final Cursor query(Uri uri, String[] projection, String selection, String[] selectionArgs, String sortOrder, CancellationSignal cancellationSignal) {
        return query(uri, projection, (Bundle) null, cancellationSignal);
    }

    public final Cursor query(Uri uri, String[] projection, Bundle queryArgs, CancellationSignal cancellationSignal) {
        Cursor cursor = Provider.query(uri.toString(), projection);
        return cursor == null ? null : new CursorWrapperInner(cursor);
    }

    public final void registerContentObserver(Uri uri, boolean notifyForDescendants, ContentObserver observer) {
        Simulated.ask("registerContentObserver", "");
    }

    private static final class CursorWrapperInner extends CursorWrapper {
        CursorWrapperInner(Cursor cursor) {
            super(cursor);
        }
    }
}
