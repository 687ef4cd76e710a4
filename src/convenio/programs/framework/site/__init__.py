"""The public site as static files, and the report as one file: nothing above its level of publication, no script."""

from convenio.programs.framework.site.report import report_text
from convenio.programs.framework.site.write import site_zip, write_site

__all__ = ["report_text", "site_zip", "write_site"]
