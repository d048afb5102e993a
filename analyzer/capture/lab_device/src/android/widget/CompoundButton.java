package android.widget;

import android.content.Context;

public abstract class CompoundButton extends Button implements Checkable {
    private boolean checked;
    private OnCheckedChangeListener listener;

    public interface OnCheckedChangeListener {
        void onCheckedChanged(CompoundButton buttonView, boolean isChecked);
    }

    public CompoundButton(Context context) {
        super(context);
    }

    @Override
    public boolean performClick() {
        toggle();
        super.performClick();
        return true;
    }

    @Override
    public void toggle() {
        setChecked(!checked);
    }

    @Override
    public boolean isChecked() {
        return checked;
    }

    @Override
    public void setChecked(boolean checked) {
        boolean other = this.checked != checked;
        this.checked = checked;
        invalidate();
        if (other && listener != null) {
            listener.onCheckedChanged(this, checked);
        }
    }

    public void setOnCheckedChangeListener(OnCheckedChangeListener listener) {
        this.listener = listener;
    }
}
