-- One document of an issued report; '' where it was not issued in that format.
SELECT documents[{format:String}] AS document
FROM hoptime_store.issued_reports FINAL
WHERE report_id = {report_id:String}
