package android.content;

import lab.runtime.Persona;

public class ClipboardManager extends android.text.ClipboardManager {
    private ClipData clip;

    public ClipboardManager(Context context) {
        String planted = Persona.text("misc.clipboard");
        clip = planted == null ? null : ClipData.newPlainText(null, planted);
    }

    public interface OnPrimaryClipChangedListener {
        void onPrimaryClipChanged();
    }

    public ClipData getPrimaryClip() {
        return clip;
    }

    public void setPrimaryClip(ClipData clip) {
        this.clip = clip;
    }

    public boolean hasPrimaryClip() {
        return clip != null;
    }

    public void addPrimaryClipChangedListener(OnPrimaryClipChangedListener what) {}

    @Override
    public CharSequence getText() {
        ClipData current = clip;
        return current == null ? null : current.getItemAt(0).getText();
    }

    @Override
    public void setText(CharSequence text) {
        setPrimaryClip(ClipData.newPlainText(null, text));
    }

    @Override
    public boolean hasText() {
        return clip != null;
    }
}
